namespace Carillon.EntityFrameworkCore.Tests.Walking;

/// <summary>What a walk may do next.</summary>
/// <param name="Name">What it is called in the trace.</param>
/// <param name="Weight">How often it is drawn.</param>
/// <param name="IsPossible">Whether a context can do it now.</param>
/// <param name="RunAsync">Does it, in the context and in the model.</param>
internal sealed record WalkStep(string Name, int Weight, Func<WalkedContext, bool> IsPossible, Func<WalkedContext, Task> RunAsync);
