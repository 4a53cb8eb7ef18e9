namespace Carillon.Tests.Deploying;

/// <summary>What every version of the service handles.</summary>
[Event("deploying.old")]
public sealed record OldFact([property: Key] string Subject, int Number);

/// <summary>What only the newer version handles.</summary>
[Event("deploying.new")]
public sealed record NewFact([property: Key] string Subject, int Number);

/// <summary>The newer version of what every version of the service handles, which only the newer one reads.</summary>
[Event("deploying.old", Version = 2)]
public sealed record OldFactWithNote([property: Key] string Subject, int Number, string Note);
