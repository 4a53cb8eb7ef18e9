using System.Globalization;

namespace Carillon.KillTests;

/// <summary>
/// Lets everything come to rest: nothing is published any more, what was is handled, then everybody stops cleanly and the history is checked.
/// </summary>
internal sealed class Drain(KillTestArguments arguments, Crew crew, Evidence evidence, ITransportUnderTest transport)
{
    /// <summary>How long an effect may take to show when everything is settled already: then it is lost, or a saboteur is at work.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(3);

    private readonly Promise _promise = Promise.Of(arguments);

    /// <summary>Drains and checks.</summary>
    /// <exception cref="KillTestFailedException">What was published is not handled within the bound, or a process did not stop cleanly.</exception>
    public async Task<Verdict> RunAsync(CancellationToken cancellation)
    {
        await crew.DisarmAsync(cancellation);
        crew.Start();
        await crew.AwaitReadinessAsync(cancellation);
        await crew.StopAsync(RoleName.Publisher, cancellation);
        if (!await Patience.UntilAsync(() => transport.CountUnsettled() == 0 || IsBuried(), arguments.Patience, cancellation))
            throw new KillTestFailedException(Describe(transport.CountUnsettled()));
        await Patience.UntilAsync(() => LossCheck.Find(evidence.ReadNew()).Count == 0, Afterwards, cancellation);
        await crew.StopAsync(RoleName.Handler, cancellation);
        return Verdict.Of(_promise.Books ? evidence.ReadAll() : evidence.ReadNew(), _promise, transport.CountUnsettled());
    }

    // What was wrongly given up may hold its key for ever: there is nothing to wait for.
    private bool IsBuried() => BurialCheck.Find(evidence.ReadNew(), _promise).Count > 0;

    private string Describe(int unsettled)
    {
        var missing = LossCheck.Find(evidence.ReadNew());
        return string.Create(CultureInfo.InvariantCulture,
            $"After {arguments.Patience.TotalSeconds} s without kills, {unsettled} messages are not settled and {missing.Count} effects are missing: {string.Join(", ", missing.Take(5))}");
    }
}
