using Carillon.Configuration;

namespace Carillon;

/// <summary>
/// How a service's relay sends what waits in its outbox. Settings section <c>Carillon:Outbox</c>; only a service whose store is not its
/// transport has an outbox.
/// </summary>
public sealed class OutboxOptions
{
    private const string Section = "Carillon:Outbox";
    private static readonly TimeSpan _shortestDelay = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _longestDelay = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _longestAge = TimeSpan.FromDays(1);
    private static readonly SettingRange _batchMessagesRange = new(Section, nameof(BatchMessages), 1, 10_000);
    private static readonly SettingRange _batchBytesRange = new(Section, nameof(BatchBytes), 1024, 64 * 1024 * 1024);
    private static readonly SettingRange _maxInFlightRange = new(Section, nameof(MaxInFlight), 1, 1_000_000);
    private static readonly SettingRange _maxInFlightBytesRange = new(Section, nameof(MaxInFlightBytes), 64 * 1024, 4L << 30);

    /// <summary>The most messages handed to the transport at once: 1 to 10,000. Default 500.</summary>
    public int BatchMessages { get; set => field = _batchMessagesRange.Check(value); } = 500;

    /// <summary>The most bytes of bodies handed to the transport at once: 1 KiB to 64 MiB. Default 1 MiB. A single larger message travels alone.</summary>
    public int BatchBytes { get; set => field = _batchBytesRange.Check(value); } = 1024 * 1024;

    /// <summary>How many messages of the outbox are held in memory: 1 to 1,000,000. Default 2,000.</summary>
    public int MaxInFlight { get; set => field = _maxInFlightRange.Check(value); } = 2_000;

    /// <summary>How many bytes of bodies are held in memory before no more are read: 64 KiB to 4 GiB. Default 16 MiB.</summary>
    public long MaxInFlightBytes { get; set => field = _maxInFlightBytesRange.Check(value); } = 16L << 20;

    /// <summary>The pause after the first attempt that failed because the transport is away, doubled for each further one: 1 ms to 10 minutes. Default 200 ms.</summary>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause between attempts, at least <see cref="FirstDelay"/>, at most 10 minutes. Default 10 seconds.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What becomes of a key whose message the transport refused for good. Default <see cref="DeadLetterPolicy.ParkKey"/>. With
    /// <see cref="DeadLetterPolicy.StopKey"/> it is sent again after every <see cref="MaxDelay"/>.
    /// </summary>
    public DeadLetterPolicy DeadLetters { get; set; } = DeadLetterPolicy.ParkKey;

    /// <summary>
    /// From what age of the oldest message that is not sent the service's health is degraded: 1 second to 1 day. Default 1 minute.
    /// </summary>
    public TimeSpan DegradedAfter { get; set; } = TimeSpan.FromMinutes(1);

    internal void Read(SettingsReader settings)
    {
        _batchMessagesRange.Read(settings, value => BatchMessages = (int)value);
        _batchBytesRange.Read(settings, value => BatchBytes = (int)value);
        _maxInFlightRange.Read(settings, value => MaxInFlight = (int)value);
        _maxInFlightBytesRange.Read(settings, value => MaxInFlightBytes = value);
        settings.Duration(nameof(FirstDelay), _shortestDelay, _longestDelay, value => FirstDelay = value);
        settings.Duration(nameof(MaxDelay), _shortestDelay, _longestDelay, value => MaxDelay = value);
        settings.Duration(nameof(DegradedAfter), TimeSpan.FromSeconds(1), _longestAge, value => DegradedAfter = value);
        settings.Choice<DeadLetterPolicy>(nameof(DeadLetters), value => DeadLetters = value);
    }

    internal void Validate()
    {
        OptionCheck.InRange(Section, nameof(FirstDelay), FirstDelay, _shortestDelay, _longestDelay);
        OptionCheck.InRange(Section, nameof(MaxDelay), MaxDelay, FirstDelay, _longestDelay);
        OptionCheck.InRange(Section, nameof(DegradedAfter), DegradedAfter, TimeSpan.FromSeconds(1), _longestAge);
    }
}
