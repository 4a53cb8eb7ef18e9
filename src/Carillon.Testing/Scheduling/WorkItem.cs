namespace Carillon.Testing.Scheduling;

/// <summary>One piece of work: a continuation, a timer that went off, a request that arrived.</summary>
/// <param name="Owner">Who does it.</param>
/// <param name="Callback">What is done.</param>
/// <param name="State">With what.</param>
internal readonly record struct WorkItem(WorkOwner Owner, SendOrPostCallback Callback, object? State);
