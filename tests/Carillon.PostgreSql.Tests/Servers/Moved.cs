namespace Carillon.PostgreSql.Tests;

/// <summary>What the traffic consists of. The versions of an account are published in ascending order, each once.</summary>
[Event("traffic.moved")]
internal sealed record Moved([property: Key] string Account, long Version);
