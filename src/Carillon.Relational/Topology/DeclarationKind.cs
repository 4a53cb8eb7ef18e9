namespace Carillon.Relational;

/// <summary>What a stored declaration of a subscription names. The numbers are stored.</summary>
internal enum DeclarationKind
{
    /// <summary>A pattern of topics of events.</summary>
    Events = 0,

    /// <summary>A topic of commands.</summary>
    Commands = 1,

    /// <summary>A type and topic of which a message was met while an instance ran that does not handle it.</summary>
    MetMessage = 2,
}
