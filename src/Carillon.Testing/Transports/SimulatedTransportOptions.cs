using Carillon.Transports;

namespace Carillon.Testing.Transports;

/// <summary>How the client of a simulated server behaves.</summary>
internal sealed record SimulatedTransportOptions
{
    /// <summary>For how long the server keeps partitions for an instance that it does not hear from. Default 10 seconds.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long before its end a lease counts as over for its holder: the time in which cancelled handlers end, before somebody else begins.
    /// Default 2 seconds.
    /// </summary>
    public TimeSpan LeaseMargin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often leases are renewed. Default 3 seconds.</summary>
    public TimeSpan RenewalInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long messages that are being handled may go on when their partition moves to another instance; then their handlers are cancelled. The
    /// partition moves when they have ended. Default 4 seconds.
    /// </summary>
    public TimeSpan HandoverTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long finished messages are gathered before cursors are written, while more arrive. Default 50 milliseconds.</summary>
    public TimeSpan CursorInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>After how long a request without an answer counts as lost. Default 2 seconds.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long to wait after a lost request before the next one. Default 100 milliseconds.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a receiver that is disposed tries to tell the server. Default 4 seconds.</summary>
    public TimeSpan LeaveTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// After how long a delivery that is not settled is lost alone, and handed over once more; the second time it is waited for. Default null: never.
    /// </summary>
    public TimeSpan? AcknowledgementTimeout { get; init; }

    /// <summary>
    /// Says for each page in which order its messages are handed over. Those of one partition stay in their order, whatever it says. Default: as
    /// they were committed.
    /// </summary>
    public Func<Comparison<Delivery>> Order { get; init; } = static () => static (one, other) => Nullable.Compare(one.Position, other.Position);

    /// <summary>The most messages of one fetch. Default 256.</summary>
    public int MostAtOnce { get; init; } = 256;
}
