namespace Carillon.Sqlite;

/// <summary>A reader keeps the write-ahead log from being moved into the database and beginning anew, so that it grows.</summary>
/// <param name="Since">Since when.</param>
/// <param name="Bytes">How large the log was when it was last looked at.</param>
internal sealed record LogHold(DateTimeOffset Since, long Bytes)
{
    public override string ToString() =>
        FormattableString.Invariant($"somebody has read from it in one transaction since {Since:O} at the latest, and its write-ahead log has grown to {Bytes >> 20} MiB");
}
