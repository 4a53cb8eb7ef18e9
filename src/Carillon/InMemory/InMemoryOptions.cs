using Carillon.Configuration;

namespace Carillon;

/// <summary>How the in-memory transport of one service behaves. Settings section <c>Carillon:InMemory</c>.</summary>
public sealed class InMemoryOptions
{
    private const string Section = "Carillon:InMemory";
    private const int MostMessages = 100_000_000;
    private const long MostBytes = 1L << 40;
    private static readonly TimeSpan _longestHandover = TimeSpan.FromHours(1);
    private static readonly TimeSpan _longestPatience = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The most messages that one subscription of this service holds, waiting or being handled, before its senders wait. 1 to 100,000,000.
    /// Default 100,000. What waiting senders brought is held as well, up to the buffer of each service (<c>Carillon:Publishing</c>), and as much
    /// again as the limit of what handlers publish (<see cref="HandlerPatience"/>).
    /// </summary>
    public int CapacityMessages { get; set; } = 100_000;

    /// <summary>
    /// The most bytes that those messages take, bodies and attributes, before senders wait. A single larger message is let through when
    /// nothing else is held. 1 to 1 TiB. Default 64 MiB.
    /// </summary>
    public long CapacityBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>
    /// How long a handler waits that publishes to a subscription which is full, for that may be its own: then it goes on, and what it published is
    /// held beyond the limit. When as much as the limit is held of what handlers published, they are refused for now with
    /// <see cref="ErrorCodes.SubscriptionFull"/> instead. 0 to 1 minute. Default 100 milliseconds.
    /// </summary>
    public TimeSpan HandlerPatience { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long messages that are being handled may go on when their partition moves to another instance; then their handlers are cancelled. The
    /// partition moves when they have ended. 0 to 1 hour. Default 30 seconds.
    /// </summary>
    public TimeSpan HandoverTimeout { get; set; } = TimeSpan.FromSeconds(30);

    internal void Read(SettingsReader settings)
    {
        settings.Number(nameof(CapacityMessages), 1, MostMessages, number => CapacityMessages = (int)number);
        settings.Number(nameof(CapacityBytes), 1, MostBytes, number => CapacityBytes = number);
        settings.Duration(nameof(HandlerPatience), TimeSpan.Zero, _longestPatience, duration => HandlerPatience = duration);
        settings.Duration(nameof(HandoverTimeout), TimeSpan.Zero, _longestHandover, duration => HandoverTimeout = duration);
    }

    internal void Validate()
    {
        OptionCheck.InRange(Section, nameof(CapacityMessages), CapacityMessages, 1, MostMessages);
        OptionCheck.InRange(Section, nameof(CapacityBytes), CapacityBytes, 1, MostBytes);
        OptionCheck.InRange(Section, nameof(HandlerPatience), HandlerPatience, TimeSpan.Zero, _longestPatience);
        OptionCheck.InRange(Section, nameof(HandoverTimeout), HandoverTimeout, TimeSpan.Zero, _longestHandover);
    }
}
