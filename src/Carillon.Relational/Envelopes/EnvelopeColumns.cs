namespace Carillon.Relational;

/// <summary>The columns that hold an envelope, the same in every table that keeps messages.</summary>
internal static class EnvelopeColumns
{
    /// <summary>The names, in the order in which <see cref="EnvelopeReader"/> reads them.</summary>
    public const string Names = $"{BeforeKey}, key, {BehindKey}";

    /// <summary>The same for a table that looks messages up by their keys.</summary>
    public const string NamesOfIndexed = $"{BeforeKey}, {WholeKey}, {BehindKey}";

    /// <summary>The key of a table that looks messages up by it: <c>key</c> is one that its index holds, <c>long_key</c> the whole one where that differs.</summary>
    public const string WholeKey = "coalesce(long_key, key)";

    private const string BeforeKey = "topic, kind, destination, id, source, type, version";

    private const string BehindKey =
        "priority, subject, time, expiry, content_type, correlation_id, causation_id, trace_parent, trace_state, headers, defect_code, defect_detail, body";

    /// <summary>The parameters that <see cref="EnvelopeParameters"/> sets, in the same order.</summary>
    public const string Parameters =
        "@topic, @kind, @destination, @id, @source, @type, @version, @key, @priority, @subject, @time, @expiry, @contentType, @correlationId, @causationId, " +
        "@traceParent, @traceState, @headers, @defectCode, @defectDetail, @body";
}
