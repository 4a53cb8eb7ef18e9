using Carillon.Configuration;

namespace Carillon;

/// <summary>How often a failed message is tried again, and after which pauses: for all failures of a subscription, or for some of them.</summary>
public class RetryPolicy
{
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

    private protected RetryPolicy Copy() => new()
    {
        ImmediateAttempts = ImmediateAttempts,
        ImmediateDelay = ImmediateDelay,
        DelayedAttempts = DelayedAttempts,
        FirstDelay = FirstDelay,
        MaxDelay = MaxDelay,
        Jitter = Jitter,
    };

    private protected void ReadPauses(SettingsReader settings)
    {
        settings.Number(nameof(ImmediateAttempts), 1, 100, value => ImmediateAttempts = (int)value);
        settings.Duration(nameof(ImmediateDelay), TimeSpan.Zero, TimeSpan.FromMinutes(1), value => ImmediateDelay = value);
        settings.Number(nameof(DelayedAttempts), 0, 1_000, value => DelayedAttempts = (int)value);
        settings.Duration(nameof(FirstDelay), TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(30), value => FirstDelay = value);
        settings.Duration(nameof(MaxDelay), TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(30), value => MaxDelay = value);
        settings.Fraction(nameof(Jitter), 0, 1, value => Jitter = value);
    }

    private protected static void Validate(RetryPolicy policy, string path)
    {
        OptionCheck.InRange(path, nameof(ImmediateAttempts), policy.ImmediateAttempts, 1, 100);
        OptionCheck.InRange(path, nameof(ImmediateDelay), policy.ImmediateDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        OptionCheck.InRange(path, nameof(DelayedAttempts), policy.DelayedAttempts, 0, 1_000);
        OptionCheck.InRange(path, nameof(FirstDelay), policy.FirstDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(30));
        OptionCheck.InRange(path, nameof(MaxDelay), policy.MaxDelay, policy.FirstDelay, TimeSpan.FromDays(30));
        OptionCheck.InRange(path, nameof(Jitter), policy.Jitter, 0, 1);
    }
}
