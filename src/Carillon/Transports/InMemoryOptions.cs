namespace Carillon;

/// <summary>How the in-memory transport of one service behaves. Settings section <c>Carillon:InMemory</c>.</summary>
public sealed class InMemoryOptions
{
    private const int MostMessages = 100_000_000;
    private const long MostBytes = 1L << 40;
    private static readonly TimeSpan _longestHandover = TimeSpan.FromHours(1);

    /// <summary>
    /// The most messages that one subscription of this service holds, waiting or being handled; beyond it senders wait. 1 to 100,000,000.
    /// Default 100,000.
    /// </summary>
    public int CapacityMessages { get; set; } = 100_000;

    /// <summary>
    /// The most bytes that those messages take, bodies and attributes; beyond it senders wait. A single larger message is let through when
    /// nothing else is held. 1 to 1 TiB. Default 64 MiB.
    /// </summary>
    public long CapacityBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>
    /// How long messages that are being handled may go on when their partition moves to another instance; then their handlers are cancelled.
    /// 0 to 1 hour. Default 30 seconds.
    /// </summary>
    public TimeSpan HandoverTimeout { get; set; } = TimeSpan.FromSeconds(30);

    internal void Read(SettingsReader settings)
    {
        settings.Number(nameof(CapacityMessages), 1, MostMessages, number => CapacityMessages = (int)number);
        settings.Number(nameof(CapacityBytes), 1, MostBytes, number => CapacityBytes = number);
        settings.Duration(nameof(HandoverTimeout), TimeSpan.Zero, _longestHandover, duration => HandoverTimeout = duration);
    }

    internal void Validate()
    {
        Require(CapacityMessages is >= 1 and <= MostMessages, nameof(CapacityMessages), CapacityMessages, $"a whole number from 1 to {MostMessages}");
        Require(CapacityBytes is >= 1 and <= MostBytes, nameof(CapacityBytes), CapacityBytes, $"a whole number from 1 to {MostBytes}");
        Require(HandoverTimeout >= TimeSpan.Zero && HandoverTimeout <= _longestHandover, nameof(HandoverTimeout), HandoverTimeout, $"from 00:00:00 to {_longestHandover:c}");
    }

    private static void Require(bool isAllowed, string key, object value, string allowed)
    {
        if (!isAllowed)
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration, FormattableString.Invariant($"InMemory:{key} is \"{value}\", but must be {allowed}."));
    }
}
