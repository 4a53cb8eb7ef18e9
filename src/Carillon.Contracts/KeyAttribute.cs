namespace Carillon;

/// <summary>
/// Marks the one property of a message that is its key: messages with the same key are handled in the order in which they were
/// published, one at a time. A message without a key is handled in any order. The key is the property's invariant text.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeyAttribute : Attribute;
