namespace Carillon.Transports;

/// <summary>Which part of the history to read. Everything is optional.</summary>
public sealed record LogQuery
{
    /// <summary>Only messages of this type (<see cref="Envelope.Type"/>).</summary>
    public string? Type { get; init; }

    /// <summary>Only messages with this key.</summary>
    public string? Key { get; init; }

    /// <summary>Only messages of this conversation.</summary>
    public EventId CorrelationId { get; init; }

    /// <summary>Only messages recorded at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only messages after this position: the last one of the page before.</summary>
    public long After { get; init; }

    /// <summary>The most messages to return, 1 to 1,000. Default 100.</summary>
    public int Limit { get; init; } = 100;
}
