using Carillon.Testing.Scheduling;

namespace Carillon.Testing.Faults;

/// <summary>Messages at which handlers fail because of what is in them: at each attempt, and so for a whole round of them, or for good.</summary>
internal sealed class BadMessages(FaultInjector faults, SeededRandom random)
{
    // Up to three rounds of three attempts, as services have them by default.
    private const int MostFailures = 9;

    private readonly Dictionary<(string Subscription, EventId Message), int> _failures = [];

    /// <summary>A handler begins with a message.</summary>
    /// <exception cref="SimulatedFailureException">It fails with a text that came from outside.</exception>
    /// <exception cref="FinalFailureException">It fails for good.</exception>
    public void Strike(EventContext context)
    {
        if (MustFail((context.Subscription, context.Id)))
        {
            faults.Record(FaultKinds.HostileText, $"{context.Subscription} fails with it at {context.Id}");
            throw new SimulatedFailureException(HostileTexts.Next(random));
        }

        // What is set aside at once is what a process may set aside too late.
        if (faults.IsHarsh && faults.StrikesOften(FaultKinds.LateParking))
            throw new FinalFailureException();
    }

    private bool MustFail((string Subscription, EventId Message) place)
    {
        if (!faults.MayHappen(FaultKinds.HostileText))
            return false;
        if (_failures.TryGetValue(place, out var left) && left > 0)
        {
            _failures[place] = left - 1;
            return true;
        }

        if (!faults.Strikes(FaultKinds.HostileText))
            return false;
        if (faults.IsHarsh)
            _failures[place] = random.Next(MostFailures);
        return true;
    }
}
