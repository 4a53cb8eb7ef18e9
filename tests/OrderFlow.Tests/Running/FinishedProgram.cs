namespace OrderFlow.Tests.Running;

/// <summary>What a process left behind.</summary>
internal sealed record FinishedProgram(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors);
