namespace Carillon;

/// <summary>Marks a type as an event: a fact, named in the past tense, that any number of subscriptions may handle.</summary>
/// <param name="name">The name on the wire, such as <c>order.created</c>; see <see cref="MessageAttribute.Name"/>.</param>
/// <example><code>[Event("order.created")] public sealed record OrderCreated([property: Key] string OrderId, decimal Total);</code></example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class EventAttribute(string name) : MessageAttribute(name);
