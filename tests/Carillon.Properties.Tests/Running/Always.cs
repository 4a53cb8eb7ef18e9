using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Carillon.Properties.Tests.Running;

/// <summary>
/// Says that something holds for every case that can be made. A failure shows the smallest case that was found and how to run it again.
/// </summary>
internal static class Always
{
    /// <summary>Checks a claim, which throws where it does not hold.</summary>
    /// <param name="cases">Makes the cases.</param>
    /// <param name="claim">What holds for each.</param>
    /// <param name="shrink">Simpler cases than one, the simplest first; null when a case is simple as it is.</param>
    /// <param name="cost">How many ordinary cases one takes the time of: so many times fewer are tried.</param>
    /// <param name="name">The test.</param>
    public static void Holds<T>(
        Gen<T> cases, Action<T> claim, Func<T, IEnumerable<T>>? shrink = null, int cost = 1, [CallerMemberName] string name = "") =>
        Check.One(Configure<T>(name, cost), Prop.ForAll(From(cases, shrink), claim));

    /// <summary>Checks a claim about something that has to be waited for, one case after the other.</summary>
    /// <inheritdoc cref="Holds"/>
    public static Task HoldsAsync<T>(
        Gen<T> cases, Func<T, Task> claim, Func<T, IEnumerable<T>>? shrink = null, int cost = 1, [CallerMemberName] string name = "") =>
        // FsCheck waits by blocking: on a thread of its own, so that no test runs out of threads.
        Task.Factory.StartNew(
            () => Holds(cases, made => claim(made).GetAwaiter().GetResult(), shrink, cost, name),
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private static Arbitrary<T> From<T>(Gen<T> cases, Func<T, IEnumerable<T>>? shrink) => shrink is null ? Arb.From(cases) : Arb.From(cases, shrink);

    private static Config Configure<T>(string name, int cost)
    {
        var config = Config.Default.WithName(name).WithRunner(new FailureReport<T>()).WithMaxTest(Math.Max(1, TestSettings.Cases / cost));
        return TestSettings.Replay is { } replay ? config.WithReplay(FSharpOption<Replay>.Some(replay)) : config;
    }
}
