namespace Carillon.Sqlite;

/// <summary>Who takes leases.</summary>
/// <param name="Subscription">The subscription's number.</param>
/// <param name="Instance">The receiver's name, different at every start.</param>
/// <param name="Process">The process that it lives in.</param>
internal sealed record LeaseHolder(long Subscription, string Instance, string Process);
