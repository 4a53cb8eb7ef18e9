namespace Carillon.Retrying;

/// <summary>A policy of its own for some failures.</summary>
/// <param name="Name">What it is for, for people.</param>
/// <param name="Fits">Whether a failure is one of them.</param>
/// <param name="Configure">Changes what the subscription says.</param>
internal sealed record RetryRule(string Name, Func<Exception, HandlerDefinition?, bool> Fits, Action<RetryPolicy> Configure);
