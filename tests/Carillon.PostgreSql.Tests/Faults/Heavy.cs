namespace Carillon.PostgreSql.Tests;

/// <summary>A message that fills disks.</summary>
[Event("traffic.heavy")]
internal sealed record Heavy([property: Key] string Account, long Version, string Load);
