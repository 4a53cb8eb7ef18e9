namespace Carillon.Sqlite;

/// <summary>
/// How Carillon uses one SQLite file. Every setting may also come from the section <c>Carillon:Sqlite</c> of the host's configuration,
/// which wins; a value outside its range stops the host at start.
/// </summary>
public sealed record SqliteOptions
{
    /// <summary>
    /// How many partitions the messages are spread over, 1 to 64: the most instances of one subscription that can work at the same time.
    /// Default 16. It is fixed when the file is created; an existing file keeps its own number.
    /// </summary>
    public int Partitions { get; set; } = 16;

    /// <summary>
    /// How long messages stay in the history, 1 minute to 3,650 days. Default 7 days. A message that some subscription has not finished
    /// stays, whatever its age.
    /// </summary>
    public TimeSpan RetentionAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How large the content of the file may grow before the oldest messages are removed, 1 MiB to 1 TiB, in bytes. Default 1 GiB. A
    /// message that some subscription has not finished stays, whatever the size. The file itself does not shrink: its space is used again.
    /// </summary>
    public long RetentionSizeBytes { get; set; } = 1L << 30;

    /// <summary>
    /// How long it is remembered that a message was handled exactly once, 1 minute to 3,650 days. Default 7 days. A message that is delivered
    /// again after that time, because its publisher published it again, is handled again.
    /// </summary>
    public TimeSpan InboxRetentionAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long an instance keeps its partitions without being heard of, 1 second to 10 minutes. Default 10 seconds. The death of a
    /// process is noticed at once; the lease is for processes that hang.
    /// </summary>
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often the file is looked at in case a change by another process went unnoticed, 20 milliseconds to 1 minute. Default 500
    /// milliseconds. Changes normally show within a few milliseconds without it.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long a write waits for the write lock that another process, connection or unit of work holds, 10 milliseconds to 5 minutes, before
    /// it fails. Default 5 seconds. At most <see cref="LeaseTime"/>. Handlers that wait for their unit of work to begin wait on: that is no
    /// failed attempt.
    /// </summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the start waits for a write lock that another process or connection holds, 0 to 1 hour, before it fails. Default 60 seconds.
    /// </summary>
    public TimeSpan StartupPatience { get; set; } = TimeSpan.FromSeconds(60);
}
