using Carillon.Relational;

namespace Carillon.Sqlite;

/// <summary>The statements that append to the log.</summary>
internal static class SendingSql
{
    private static readonly string Messages = Insert(Log.Messages);
    private static readonly string Outbox = Insert(Log.Outbox);

    public static string Append(Log log) => log == Log.Outbox ? Outbox : Messages;

    private static string Insert(Log log) =>
        $"INSERT INTO {log.Table} (partition, recorded, {EnvelopeColumns.Names}) VALUES (@partition, @recorded, {EnvelopeColumns.Parameters})";
}
