using Carillon.Configuration;
using Carillon.Retrying;

namespace Carillon;

/// <summary>
/// How often and when a failed message is tried again. A message is tried a few times in a row, with its key waiting; then it is set
/// aside and tried again later, with growing pauses, while other keys go on; at last it becomes a dead letter.
/// </summary>
public sealed class RetryOptions : RetryPolicy
{
    private readonly List<Func<Exception, bool>> _permanent = [];
    private readonly List<RetryRule> _rules = [];
    private (RetryRule Rule, RetryPolicy Policy)[]? _policies;

    /// <summary>
    /// Whether the subscription waits when an outage is to blame: of the latest attempts at messages of one kind nearly all failed alike,
    /// at least ten, of at least five keys. Then one message is tried now and then, after 1 to 30 seconds, no attempt counts, and the others
    /// wait where they are, until one succeeds. A message that fails while others succeed is never waited for, and neither are four keys that fail
    /// alone. Default true.
    /// </summary>
    public bool WaitsForOutages { get; set; } = true;

    /// <summary>How long an outage is waited for, 1 second to 30 days. Then all attempts are made and count, until one succeeds. Default 1 day.</summary>
    public TimeSpan LongestOutage { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// After how many deaths of processes in a row that handled it a message becomes a dead letter: 2 to 100, or 0 for never. Default 3. 1 is
    /// not possible, because the first death leaves no note: messages are noted in the store only after a process has died.
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

    /// <summary>
    /// Tries again in another way after some exceptions. Where several of these, or of <see cref="ForHandler"/>, fit, the first one decides; what it
    /// does not change is as the subscription says. Which one fits is asked after each attempt, for what that attempt threw.
    /// </summary>
    /// <typeparam name="TException">The exception's type; derived types are included.</typeparam>
    /// <param name="configure">Changes what is different. Called once, when everything else of the subscription is known.</param>
    public RetryOptions For<TException>(Action<RetryPolicy> configure)
        where TException : Exception => For<TException>(static _ => true, configure);

    /// <summary>Tries again in another way after some exceptions, when they meet a condition.</summary>
    /// <typeparam name="TException">The exception's type; derived types are included.</typeparam>
    /// <param name="condition">Looks at the exception. When it throws itself, it counts as not met, and the log says so.</param>
    /// <param name="configure">Changes what is different. Called once, when everything else of the subscription is known.</param>
    public RetryOptions For<TException>(Func<TException, bool> condition, Action<RetryPolicy> configure)
        where TException : Exception
    {
        _rules.Add(new RetryRule($"For<{typeof(TException).Name}>", (error, _) => error is TException wanted && condition(wanted), configure));
        return this;
    }

    /// <summary>Tries again in another way what the handlers of a class failed to handle, whatever they threw.</summary>
    /// <param name="handler">The class that declares the handlers, which may be a static one.</param>
    /// <param name="configure">Changes what is different. Called once, when everything else of the subscription is known.</param>
    public RetryOptions ForHandler(Type handler, Action<RetryPolicy> configure)
    {
        _rules.Add(new RetryRule($"ForHandler({handler.Name})", (_, failed) => failed?.DeclaringType == handler, configure));
        return this;
    }

    /// <summary>How a message is tried again.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="handler">The handler that threw it; null when no handler had begun.</param>
    /// <param name="defect">What a condition threw: it counts as not met.</param>
    internal RetryPolicy PolicyFor(Exception error, HandlerDefinition? handler, out Exception? defect)
    {
        defect = null;
        foreach (var (rule, policy) in _policies ??= [.. _rules.Select(rule => (rule, Derive(rule)))])
        {
            try
            {
                if (rule.Fits(error, handler))
                    return policy;
            }
            catch (Exception thrown)
            {
                defect = thrown;
            }
        }

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
        ReadPauses(settings);
        settings.Number(nameof(MaxDeaths), 0, 100, value => MaxDeaths = (int)value);
        settings.Switch(nameof(WaitsForOutages), value => WaitsForOutages = value);
        settings.Duration(nameof(LongestOutage), TimeSpan.FromSeconds(1), TimeSpan.FromDays(30), value => LongestOutage = value);
    }

    internal void Validate(string path)
    {
        Validate(this, path);
        foreach (var rule in _rules)
            Validate(Derive(rule), $"{path}:{rule.Name}");
        if (MaxDeaths is not (0 or (>= 2 and <= 100)))
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration, FormattableString.Invariant($"{path}:{nameof(MaxDeaths)} is {MaxDeaths}, but must be 0, or from 2 to 100: the first death is found out when the message comes again."));
        OptionCheck.InRange(path, nameof(LongestOutage), LongestOutage, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
    }

    private RetryPolicy Derive(RetryRule rule)
    {
        var policy = Copy();
        rule.Configure(policy);
        return policy;
    }
}
