using Carillon.Configuration;
using Carillon.Transports;

namespace Carillon;

/// <summary>How one subscription runs. Settings section <c>Carillon:Subscriptions:{name}</c>.</summary>
public sealed class SubscriptionOptions
{
    private static readonly TimeSpan LongestUnhandled = TimeSpan.FromDays(365);

    private readonly List<(Type Message, Func<object, bool> Condition)> _filters = [];

    /// <summary>How many handlers run at once in this process, 1 to 10,000. Default 16. Messages of one key never run at once, and a message that waits for the end of an outage does not count.</summary>
    public int Concurrency { get; set; } = 16;

    /// <summary>
    /// Whether messages of one key must be handled in their order, one at a time over all instances. Default true. On a transport that gives keys no
    /// exclusive owner the host then does not start; with false it does, and there messages of a key are handled in whatever order they come.
    /// </summary>
    public bool KeepsKeyOrder { get; set; } = true;

    /// <summary>How many messages are held in memory, waiting or being handled, 1 to 1,000,000. Default 1,000.</summary>
    public int MaxInFlight { get; set; } = 1_000;

    /// <summary>
    /// How many bytes of messages (bodies, attributes, headers, and what is kept of failed attempts) are held in memory before no more are fetched, 64 KiB to 4 GiB. Default
    /// 16 MiB. May be passed by the one fetch that reaches it.
    /// </summary>
    public long MaxInFlightBytes { get; set; } = 16L << 20;

    /// <summary>
    /// How long a handler may take for one attempt, 10 milliseconds to 1 day; <see cref="TimeSpan.Zero"/> or
    /// <see cref="Timeout.InfiniteTimeSpan"/> for as long as it likes. Default 5 minutes: longer than what anybody waits for a call over a network,
    /// short enough that a person hears of it. Then the handler's token is cancelled, and when the handler ends without having finished, the
    /// attempt has failed. One that ignores the token keeps its key, and health and log show it.
    /// </summary>
    public TimeSpan HandlerTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Where the subscription begins when it did not exist before. Default <see cref="StartPosition.End"/>.</summary>
    public StartPosition Start { get; set; } = StartPosition.End;

    /// <summary>
    /// How often the effect of a message happens. Default <see cref="DeliveryGuarantee.AtLeastOnce"/>; a handler that takes a transaction runs
    /// exactly once all the same. With <see cref="DeliveryGuarantee.AtMostOnceMayLose"/>, retries and dead letters of the subscription are never used.
    /// </summary>
    public DeliveryGuarantee Delivery { get; set; } = DeliveryGuarantee.AtLeastOnce;

    /// <summary>What happens to messages without a handler. Default <see cref="UnhandledTypes.ByTopic"/>.</summary>
    public UnhandledTypes UnhandledTypes { get; set; } = UnhandledTypes.ByTopic;

    /// <summary>
    /// How long a message of the subscription that no running instance can handle waits for one that can, 0 s to 365 days. Default 7 days. It holds up
    /// no other message; when the time is over it becomes a dead letter. With 0 s it does at once. Topics that no running instance declares any
    /// more are kept as long, at least for an hour.
    /// </summary>
    public TimeSpan UnhandledRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long a message that no running instance can handle waits, and holds up its key, for the return of one that could and is gone, 0 s to 1 day. Default 30 s:
    /// an instance of a new version that is only restarting loses neither messages nor their order. Counted from when another instance has noticed,
    /// a lease time after a crash. When the time is over, the message is treated as <see cref="UnhandledTypes"/> says.
    /// </summary>
    public TimeSpan UnhandledGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What becomes of a key whose message became a dead letter. Default <see cref="DeadLetterPolicy.ParkKey"/>.</summary>
    public DeadLetterPolicy DeadLetters { get; set; } = DeadLetterPolicy.ParkKey;

    /// <summary>How often and when a failed message is tried again.</summary>
    public RetryOptions Retries { get; } = new();

    /// <summary>Changes how often and when a failed message is tried again.</summary>
    public SubscriptionOptions Retry(Action<RetryOptions> configure)
    {
        configure(Retries);
        return this;
    }

    /// <summary>
    /// Handles only messages that meet a condition; the others are finished without being handled. Several conditions must all be met. A
    /// condition that throws fails the attempt like a handler that throws.
    /// </summary>
    /// <typeparam name="TMessage">The message's type.</typeparam>
    public SubscriptionOptions Where<TMessage>(Func<TMessage, bool> condition)
        where TMessage : notnull
    {
        _filters.Add((typeof(TMessage), message => condition((TMessage)message)));
        return this;
    }

    internal Func<object, bool>[] FiltersFor(Type message) =>
        [.. _filters.Where(filter => filter.Message == message).Select(filter => filter.Condition)];

    internal void Read(SettingsReader settings)
    {
        settings.Number(nameof(Concurrency), 1, 10_000, value => Concurrency = (int)value);
        settings.Switch(nameof(KeepsKeyOrder), value => KeepsKeyOrder = value);
        settings.Number(nameof(MaxInFlight), 1, 1_000_000, value => MaxInFlight = (int)value);
        settings.Number(nameof(MaxInFlightBytes), 64 << 10, 4L << 30, value => MaxInFlightBytes = value);
        settings.Duration(nameof(HandlerTimeout), TimeSpan.Zero, TimeSpan.FromDays(1), value => HandlerTimeout = value);
        settings.Choice<StartPosition>(nameof(Start), value => Start = value);
        settings.Choice<DeliveryGuarantee>(nameof(Delivery), value => Delivery = value);
        settings.Choice<UnhandledTypes>(nameof(UnhandledTypes), value => UnhandledTypes = value);
        settings.Duration(nameof(UnhandledRetention), TimeSpan.Zero, LongestUnhandled, value => UnhandledRetention = value);
        settings.Duration(nameof(UnhandledGrace), TimeSpan.Zero, TimeSpan.FromDays(1), value => UnhandledGrace = value);
        settings.Choice<DeadLetterPolicy>(nameof(DeadLetters), value => DeadLetters = value);
        settings.Section("Retry", Retries.Read);
    }

    internal void Validate(string path)
    {
        OptionCheck.InRange(path, nameof(Concurrency), Concurrency, 1, 10_000);
        OptionCheck.InRange(path, nameof(MaxInFlight), MaxInFlight, 1, 1_000_000);
        OptionCheck.InRange(path, nameof(MaxInFlightBytes), MaxInFlightBytes, 64 << 10, 4L << 30);
        if (HandlerTimeout != TimeSpan.Zero && HandlerTimeout != Timeout.InfiniteTimeSpan)
            OptionCheck.InRange(path, nameof(HandlerTimeout), HandlerTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1));
        OptionCheck.InRange(path, nameof(UnhandledRetention), UnhandledRetention, TimeSpan.Zero, LongestUnhandled);
        OptionCheck.InRange(path, nameof(UnhandledGrace), UnhandledGrace, TimeSpan.Zero, TimeSpan.FromDays(1));
        Retries.Validate($"{path}:Retry");
    }
}
