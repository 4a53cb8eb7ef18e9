namespace Carillon.SourceGenerator.Models;

/// <summary>What the generator knows of a message type.</summary>
/// <param name="Type">The CLR type.</param>
/// <param name="WireName">The name on the wire.</param>
/// <param name="IsCommand">Whether it is a command rather than an event.</param>
/// <param name="Version">The version of the shape.</param>
/// <param name="Topic">The topic, or null for the wire name.</param>
/// <param name="Priority">C# of the priority, or null for the default.</param>
/// <param name="Key">The key, or null when it declares none.</param>
internal sealed record MessageModel(
    TypeModel Type,
    string WireName,
    bool IsCommand,
    int Version,
    string? Topic,
    string? Priority,
    KeyModel? Key)
{
    /// <summary>Event or command, as people say it.</summary>
    public string Kind => IsCommand ? "command" : "event";

    /// <summary>Whether only code that is obsolete itself may define it.</summary>
    public bool IsObsolete => Type.IsObsolete || Key is { IsObsolete: true };
}
