namespace Carillon.Sqlite;

/// <summary>The statements about processes.</summary>
internal static class PresenceSql
{
    public const string Register = "INSERT INTO carillon_processes (process, pid, started) VALUES (@process, @pid, @now) ON CONFLICT (process) DO NOTHING";
    public const string Others = "SELECT process FROM carillon_processes WHERE process <> @process";

    public const string Remove = "DELETE FROM carillon_processes WHERE process = @process";
    public const string NoteGone = "UPDATE carillon_instances SET gone = @now WHERE process = @process AND gone IS NULL";

    public const string Leave = "UPDATE carillon_instances SET gone = 0 WHERE process = @process AND departing = 0 AND gone IS NULL";

    public const string Departing = "SELECT count(*) FROM carillon_instances WHERE process = @process AND gone IS NULL";

    public const string FreeLeases =
        "UPDATE carillon_leases SET owner = NULL, unclean = -1 WHERE owner IS NOT NULL AND owner NOT IN (SELECT instance FROM carillon_instances WHERE gone IS NULL)";

    public const string NextGeneration = "UPDATE carillon_subscriptions SET generation = generation + 1";
}
