namespace Carillon.SourceGenerator.Models;

/// <summary>How the messages lie in what a handler returns.</summary>
internal enum ResultKind
{
    /// <summary>It is a message, or null.</summary>
    Message,

    /// <summary>It is a <see cref="Nullable{T}"/> of the only part.</summary>
    NullableValue,

    /// <summary>It is an <see cref="IEnumerable{T}"/> of the only part.</summary>
    Sequence,

    /// <summary>It is an <c>IAsyncEnumerable&lt;T&gt;</c> of the only part.</summary>
    AsyncSequence,

    /// <summary>It is a tuple of the parts.</summary>
    Tuple,

    /// <summary>It is one of the parts, all of them messages, the most derived ones first.</summary>
    OneOf,
}
