using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>What tells a message from another one by its source and id, as an indexed text.</summary>
internal static class MessageIdentity
{
    /// <summary>The identity of a message that has an id.</summary>
    public static string Of(in Envelope message) => Of(message.Source, message.Id);

    /// <inheritdoc cref="Of(in Envelope)"/>
    public static string Of(string? source, EventId id) => IndexedText.Of(Whole(source, id));

    /// <summary>The identity of a message that has an id, together with its content: of two messages with one id both are kept.</summary>
    public static string WithContentOf(in Envelope message) => IndexedText.Of($"{Whole(message.Source, message.Id)}\n{ContentHash.Of(message)}");

    private static string Whole(string? source, EventId id) => $"{NameOf(source)}\n{id}";

    // No other source and id read the same together: an ordinary source has no line break and is not empty, any other begins with one and its length.
    private static string NameOf(string? source) => source switch
    {
        null => "\n-",
        "" => "\n0\n",
        _ when source.Contains('\n', StringComparison.Ordinal) => FormattableString.Invariant($"\n{source.Length}\n{source}"),
        _ => source,
    };
}
