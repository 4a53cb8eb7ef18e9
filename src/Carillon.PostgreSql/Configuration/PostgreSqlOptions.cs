using System.Globalization;
using System.Text;

namespace Carillon.PostgreSql;

/// <summary>
/// How Carillon uses one PostgreSQL database. Every setting may also come from the section <c>Carillon:PostgreSql</c> of the host's
/// configuration, which wins; a value outside its range stops the host at start.
/// </summary>
public sealed record PostgreSqlOptions
{
    /// <summary>
    /// How many partitions the messages are spread over, 1 to 64: the most instances of one subscription that can work at the same time.
    /// Default 16. It is fixed when the tables are created; an existing database keeps its own number.
    /// </summary>
    public int Partitions { get; set; } = 16;

    /// <summary>
    /// Another connection string for the same database that leads to a session of the server, where the service's own one leads to a pooler in
    /// transaction mode (PgBouncer). Default null. One connection of it listens for notifications; without it, changes that other processes
    /// make are found every <see cref="PollInterval"/>.
    /// </summary>
    public string? SessionConnectionString { get; set; }

    /// <summary>
    /// How many connections at most are kept for what Carillon does by itself (reading, publishing, leases, cursors, parked messages), 5 to 100.
    /// Default 8. One of them is for leases alone, which wait for nothing else. They are pools of their own: <c>Maximum Pool Size</c> of the connection string counts those of units of work and of
    /// <see cref="PostgreSqlDatabase.OpenConnectionAsync"/> only.
    /// </summary>
    public int ReservedConnections { get; set; } = 8;

    /// <summary>
    /// The schema of the database that holds the tables: 1 to 54 letters, digits and underscores, not beginning with a digit or <c>pg_</c>.
    /// Upper and lower case differ. Default <c>public</c>. Services that exchange messages use the same one.
    /// </summary>
    public string Schema { get; set; } = "public";

    /// <summary>
    /// Whether missing tables are created, and old ones brought to the newest version, when the host starts. Default true. When false, the
    /// tables must be there: print the script with <see cref="PostgreSqlSchema.Script"/> and run it with psql.
    /// </summary>
    public bool CreateSchema { get; set; } = true;

    /// <summary>
    /// How long messages stay in the history, 1 minute to 3,650 days. Default 7 days. A message that some subscription has not finished
    /// stays, whatever its age.
    /// </summary>
    public TimeSpan RetentionAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long it is remembered that a message was handled exactly once, 1 minute to 3,650 days. Default 7 days. A message that is delivered
    /// again after that time, because its publisher published it again, is handled again.
    /// </summary>
    public TimeSpan InboxRetentionAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long an instance keeps its partitions without being heard of, 1 second to 10 minutes. Default 10 seconds. It is also how long the
    /// partitions of a process that was killed wait for another one.
    /// </summary>
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often the tables are looked at in case a notification was missed, 20 milliseconds to 1 minute. Default 1 second. Changes
    /// normally show within a few milliseconds without it.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a statement may take, 1 second to 10 minutes, before it is cancelled and fails. Default 10 seconds. Fractions of a second
    /// are rounded up.
    /// </summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a statement waits for a lock that another transaction holds, 10 milliseconds to 5 minutes, before it fails. Default 5
    /// seconds. Where it is not shorter than <see cref="CommandTimeout"/>, that one comes first and says less.
    /// </summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the start waits for a server that cannot be reached, 0 to 1 hour, before it fails. Default 60 seconds.
    /// </summary>
    public TimeSpan StartupPatience { get; set; } = TimeSpan.FromSeconds(60);

    // A connection string may hold a password.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture,
            $"""
            {nameof(Partitions)} = {Partitions}, {nameof(SessionConnectionString)} = {(SessionConnectionString is null ? "" : "…")}, {nameof(ReservedConnections)} = {ReservedConnections}, {nameof(Schema)} = {Schema}, 
            """);
        builder.Append(CultureInfo.InvariantCulture,
            $"""
            {nameof(CreateSchema)} = {CreateSchema}, {nameof(RetentionAge)} = {RetentionAge}, {nameof(InboxRetentionAge)} = {InboxRetentionAge}, {nameof(LeaseTime)} = {LeaseTime}, 
            """);
        builder.Append(CultureInfo.InvariantCulture,
            $"{nameof(PollInterval)} = {PollInterval}, {nameof(CommandTimeout)} = {CommandTimeout}, {nameof(LockTimeout)} = {LockTimeout}, {nameof(StartupPatience)} = {StartupPatience}");
        return true;
    }
}
