using Carillon.Configuration;

namespace Carillon;

/// <summary>
/// How often and when a failed message is tried again. A message is tried a few times in a row, with its key waiting; then it is set
/// aside and tried again later, with growing pauses, while other keys go on; at last it becomes a dead letter.
/// </summary>
public sealed class RetryOptions
{
    private readonly List<Func<Exception, bool>> _permanent = [];

    /// <summary>How many attempts are made in a row, 1 to 100. Default 3.</summary>
    public int ImmediateAttempts { get; set; } = 3;

    /// <summary>The pause before the second attempt in a row, doubled for each further one; 0 to 1 minute. Default 20 ms.</summary>
    public TimeSpan ImmediateDelay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How many further rounds of attempts are made later, 0 to 1,000. Default 8, which are twenty minutes.</summary>
    public int DelayedAttempts { get; set; } = 8;

    /// <summary>The pause before the first later round, doubled for each further one; 1 ms to 30 days. Default 5 seconds.</summary>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause between rounds, at least <see cref="FirstDelay"/>, at most 30 days. Default 10 minutes.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>By which part of itself a pause may be shorter, at random, so that many failures do not come back at once; 0 to 1. Default 0.2.</summary>
    public double Jitter { get; set; } = 0.2;

    /// <summary>
    /// Whether the subscription waits when an outage is to blame: of the latest attempts at messages of one kind nearly all failed alike,
    /// at least ten, of at least five keys. Then one message is tried now and then, after 1 to 30 seconds, no attempt counts, and the others
    /// wait where they are, until one succeeds. A message that fails while others succeed is never waited for, and neither are four keys that fail
    /// alone. Default true.
    /// </summary>
    public bool WaitsForOutages { get; set; } = true;

    /// <summary>How long an outage is waited for before attempts count again, 1 second to 30 days. Default 1 day.</summary>
    public TimeSpan LongestOutage { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// After how many deaths of processes, one after the other while they handled the same message, it becomes a dead letter, 2 to 100; 0 for any number.
    /// Default 3. 1 is refused: which message was to blame is not known after one death, because starts of handlers are noted in the store only after a process has died,
    /// for as many messages as may have been in its hands.
    /// </summary>
    public int MaxDeaths { get; set; } = 3;

    /// <summary>Says that an exception will not go away by trying again: the message becomes a dead letter after its first attempt.</summary>
    /// <typeparam name="TException">The exception's type; derived types are included.</typeparam>
    public RetryOptions DoNotRetry<TException>()
        where TException : Exception => DoNotRetry<TException>(static _ => true);

    /// <summary>Says that an exception will not go away by trying again, when it meets a condition.</summary>
    /// <typeparam name="TException">The exception's type; derived types are included.</typeparam>
    /// <param name="condition">Looks at the exception. When it throws itself, the exception counts as one that may go away.</param>
    public RetryOptions DoNotRetry<TException>(Func<TException, bool> condition)
        where TException : Exception
    {
        _permanent.Add(error => error is TException wanted && condition(wanted));
        return this;
    }

    /// <summary>Whether trying again is pointless.</summary>
    /// <param name="error">What the handler threw.</param>
    /// <param name="defect">What a condition threw: it counts as not met, because giving a message up needs a reason.</param>
    internal bool IsPermanent(Exception error, out Exception? defect)
    {
        defect = null;
        foreach (var condition in _permanent)
        {
            try
            {
                if (condition(error))
                    return true;
            }
            catch (Exception thrown)
            {
                defect = thrown;
            }
        }

        return false;
    }

    internal void Read(SettingsReader settings)
    {
        settings.Number(nameof(ImmediateAttempts), 1, 100, value => ImmediateAttempts = (int)value);
        settings.Duration(nameof(ImmediateDelay), TimeSpan.Zero, TimeSpan.FromMinutes(1), value => ImmediateDelay = value);
        settings.Number(nameof(DelayedAttempts), 0, 1_000, value => DelayedAttempts = (int)value);
        settings.Duration(nameof(FirstDelay), TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(30), value => FirstDelay = value);
        settings.Duration(nameof(MaxDelay), TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(30), value => MaxDelay = value);
        settings.Fraction(nameof(Jitter), 0, 1, value => Jitter = value);
        settings.Number(nameof(MaxDeaths), 0, 100, value => MaxDeaths = (int)value);
        settings.Switch(nameof(WaitsForOutages), value => WaitsForOutages = value);
        settings.Duration(nameof(LongestOutage), TimeSpan.FromSeconds(1), TimeSpan.FromDays(30), value => LongestOutage = value);
    }

    internal void Validate(string path)
    {
        OptionCheck.InRange(path, nameof(ImmediateAttempts), ImmediateAttempts, 1, 100);
        OptionCheck.InRange(path, nameof(ImmediateDelay), ImmediateDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        OptionCheck.InRange(path, nameof(DelayedAttempts), DelayedAttempts, 0, 1_000);
        OptionCheck.InRange(path, nameof(FirstDelay), FirstDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(30));
        OptionCheck.InRange(path, nameof(MaxDelay), MaxDelay, FirstDelay, TimeSpan.FromDays(30));
        if (MaxDeaths is not (0 or (>= 2 and <= 100)))
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration, FormattableString.Invariant($"{path}:{nameof(MaxDeaths)} is {MaxDeaths}, but must be 0, or from 2 to 100: the first death is found out when the message comes again."));
        OptionCheck.InRange(path, nameof(LongestOutage), LongestOutage, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
        OptionCheck.InRange(path, nameof(Jitter), Jitter, 0, 1);
    }
}
