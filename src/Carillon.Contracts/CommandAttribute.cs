namespace Carillon;

/// <summary>
/// Marks a type as a command: a wish, named in the imperative, that exactly one subscription handles. Two subscriptions for one
/// command are refused, at build time where the analyzer sees both and at start otherwise.
/// </summary>
/// <param name="name">The name on the wire, such as <c>payment.charge</c>; see <see cref="MessageAttribute.Name"/>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class CommandAttribute(string name) : MessageAttribute(name);
