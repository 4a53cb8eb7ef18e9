namespace Carillon.Relational;

/// <summary>The statements about messages that are to be published later.</summary>
internal static class ScheduleSql
{
    public const string Add =
        $"INSERT INTO carillon_scheduled (due, log, {EnvelopeColumns.Names}) VALUES (@due, @log, {EnvelopeColumns.Parameters})";

    public const string Cancel = "DELETE FROM carillon_scheduled WHERE source = @source AND id = @id";

    public const string SelectDue =
        $"SELECT scheduled, log, {EnvelopeColumns.Names} FROM carillon_scheduled WHERE due <= @now ORDER BY due, scheduled LIMIT @limit";

    public const string Remove = "DELETE FROM carillon_scheduled WHERE scheduled = @scheduled";
    public const string Postpone = "UPDATE carillon_scheduled SET due = @due, reason = @reason WHERE scheduled = @scheduled";
    public const string Next = "SELECT min(due) FROM carillon_scheduled";
}
