namespace Carillon;

/// <summary>
/// Marks a method as a handler of events raised inside the process with <see cref="ILocalEventBus"/>. It takes the same parameters
/// and returns the same values as a <see cref="HandlerAttribute">handler</see>, runs in the caller's scope, and its exceptions reach
/// the caller.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LocalHandlerAttribute : Attribute;
