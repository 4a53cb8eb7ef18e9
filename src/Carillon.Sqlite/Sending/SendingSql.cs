namespace Carillon.Sqlite;

/// <summary>The statements that append to the log.</summary>
internal static class SendingSql
{
    public const string Append =
        $"INSERT INTO carillon_messages (partition, recorded, {EnvelopeColumns.Names}) VALUES (@partition, @recorded, {EnvelopeColumns.Parameters})";
}
