namespace Carillon;

/// <summary>
/// What <see cref="EventAttribute"/> and <see cref="CommandAttribute"/> have in common: the message's name on the wire, which is a
/// contract with other services, while the name of the CLR type may change freely.
/// </summary>
public abstract class MessageAttribute : Attribute
{
    // The properties have plain setters: to set an init accessor takes C# 9, and projects for .NET Framework and .NET Standard have C# 7.3 unless they ask for another.
    private protected MessageAttribute(string name) => Name = name;

    /// <summary>
    /// The name on the wire (CloudEvents 1.0 §3.1 <c>type</c>): lower-case words separated by dots, such as <c>order.created</c>;
    /// letters, digits, <c>.</c>, <c>-</c> and <c>_</c>, at most 200 characters.
    /// </summary>
    public string Name { get; }

    /// <summary>The version of the message's shape, 1 or more. Default 1.</summary>
    public int Version { get; set; } = 1;

    /// <summary>The topic that the message goes to. Default: its <see cref="Name"/>.</summary>
    public string? Topic { get; set; }

    /// <summary>The priority of the message unless the publisher says otherwise. Default <see cref="Priority.Normal"/>.</summary>
    public Priority Priority { get; set; } = Priority.Normal;
}
