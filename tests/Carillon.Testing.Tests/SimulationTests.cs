using Carillon.Transports;

namespace Carillon.Testing.Tests;

public sealed class SimulationTests
{
    private static readonly MessageDefinition<Deposited> _deposited = new("account.deposited", MessageKind.Event, static deposit => deposit.Account);

    [Fact]
    public void Run_ShouldFindNothing_WhenHandlersAreRight()
    {
        var report = Accounts(isRight: true).Run(seeds: 30);

        report.ThrowIfViolated();
        Assert.Equal(30, report.Runs);
        Assert.True(report.Handled >= 30 * 5);
        Assert.True(report.Faults.Values.Count(runs => runs > 0) > 8);
    }

    /// <summary>The balance is changed when the handler runs and not when it commits: a deposit that is handled again counts twice.</summary>
    [Fact]
    public void Run_ShouldFindASeed_WhenAHandlerIsWrong()
    {
        var report = Accounts(isRight: false).Run(seeds: 1_000);

        var violation = Assert.IsType<SimulationViolation>(report.Violation);
        Assert.Equal("every deposit counts once", violation.Rule);
        Assert.NotEmpty(violation.Faults);
        Assert.Contains("handles account.deposited", violation.Trace, StringComparison.Ordinal);
        Assert.Same(violation, Assert.Throws<SimulationViolatedException>(report.ThrowIfViolated).Violation);
        Assert.Equal(violation, Accounts(isRight: false).Replay(violation.Seed).Violation);
    }

    /// <summary>What goes on after a clean stop, because it heeds nothing, must not meet the next instance's handlers.</summary>
    [Fact]
    public void Run_ShouldFindNothing_WhenInstancesAreStoppedWhileHandlersHang() =>
        Simulation.Of(static world =>
        {
            world.AddService("accounts", static carillon => carillon
                .AddHandler(new HandlerDefinition<Deposited>("Accounts", _deposited, static (_, _, _) => ValueTask.CompletedTask))
                .Subscription(static subscription => subscription.Start = StartPosition.Beginning), instances: 2);
            world.AddClient("accounts", static async client =>
            {
                for (var deposit = 0; deposit < 40; deposit++)
                    await client.PublishAsync(new Deposited($"account-{deposit}", 10));
            });
        }).With(FaultKinds.HungHandler | FaultKinds.Restart).Run(seeds: 1_000).ThrowIfViolated();

    [Fact]
    public void Run_ShouldFindNothing_WhenNothingGoesWrongAndAHandlerWouldBeWrong() =>
        Accounts(isRight: false).With(FaultKinds.None).Run(seeds: 50).ThrowIfViolated();

    [Fact]
    public void Replay_ShouldShowEverything_WhenASeedIsGiven()
    {
        var report = Accounts(isRight: true).Replay(7);

        Assert.Contains("everything heals", report.Trace, StringComparison.Ordinal);
        Assert.Contains("has handled", report.Trace, StringComparison.Ordinal);
        Assert.Equal(report.Trace, Accounts(isRight: true).Replay(7).Trace);
    }

    /// <summary>Code that goes on elsewhere would make seeds worthless, so it is an error that says what to look for.</summary>
    [Fact]
    public void Run_ShouldRefuse_WhenCodeLeavesTheSimulation()
    {
        var simulation = Simulation.Of(world => world
            .AddService("orders", carillon => carillon.AddMessage(_deposited))
            .AddClient("orders", static client => client.TryAsync(static _ =>
            {
                // What a continuation does that comes back from the thread pool.
                var context = SynchronizationContext.Current!;
                var elsewhere = new Thread(() => context.Post(static _ => { }, null));
                elsewhere.Start();
                elsewhere.Join();
                return Task.CompletedTask;
            })));

        var error = Assert.Throws<InvalidOperationException>(() => simulation.Run(seeds: 1));

        Assert.Contains("Task.Run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ShouldSayWhatIsMissing_WhenAWorldNeverComesToRest()
    {
        var report = Simulation.Of(world => world
            .AddService("orders", carillon => carillon.AddMessage(_deposited))
            .AddClient("orders", static client => client.InsistAsync(static _ => throw new InvalidOperationException("never")))).With(FaultKinds.None).Run(seeds: 1);

        Assert.Equal("it comes to rest", report.Violation?.Rule);
        Assert.Contains("1 clients are not done", report.Violation?.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ShouldNameTheMistake_WhenAServiceCannotStart()
    {
        var report = Simulation.Of(world => world.AddService("orders", carillon => carillon.Subscription("none", static _ => { }))).Run(seeds: 1);

        Assert.Contains("orders.none is not a subscription", report.Violation?.What, StringComparison.Ordinal);
    }

    /// <summary>Checks may be assertions of a test library, and these say what they have seen.</summary>
    [Fact]
    public void Run_ShouldShowWhatACheckThrows_WhenItIsAnAssertion()
    {
        Assert.All(
            new Func<SimulationWorld, SimulationWorld>[]
            {
                static world => world.CheckAtRest("all is paid", static () => Assert.Equal(3, 4)),
                static world => world.CheckAlways("all is paid", static () => Assert.Equal(3, 4)),
                static world => world.CheckAtRest("all is paid", static () => new Dictionary<string, bool>()["Expected: 3"]),
            },
            check =>
            {
                var violation = Empty(check).Run(seeds: 1).Violation;

                Assert.Equal("all is paid", violation?.Rule);
                Assert.Contains("3", violation?.What, StringComparison.Ordinal);
            });

        Empty(static world => world.CheckAtRest("all is paid", static () => Assert.Equal(3, 3))).Run(seeds: 1).ThrowIfViolated();
    }

    [Fact]
    public void Run_ShouldSayWhoFailed_WhenAClientThrows()
    {
        var violation = Empty(static world => world.AddClient("orders", static _ => throw new InvalidOperationException("no such page"))).Run(seeds: 1).Violation;

        Assert.Equal("clients do not fail", violation?.Rule);
        Assert.Contains("a client of orders failed", violation?.What, StringComparison.Ordinal);
        Assert.Contains("no such page", violation?.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ShouldNameTheService_WhenAClientAsksOneThatThereIsNot()
    {
        var simulation = Empty(static world => world.AddClient("order", static client => client.PauseAsync(TimeSpan.FromSeconds(1))));

        Assert.Contains("the service order, but there is only: orders", Assert.Throws<InvalidOperationException>(() => simulation.Run(seeds: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddService_ShouldRefuse_WhenTheNameIsTaken() =>
        Assert.Equal("name", Assert.Throws<ArgumentException>(() => Empty(static world => world.AddService("orders", static _ => { })).Run(seeds: 1)).ParamName);

    private static Simulation Empty(Func<SimulationWorld, SimulationWorld> complete) =>
        Simulation.Of(world => complete(world.AddService("orders", static carillon => carillon.AddMessage(_deposited))));

    private static Simulation Accounts(bool isRight) => Simulation.Of(world =>
    {
        var (balance, deposits) = (0, world.Random.Next(5, 10));
        world.AddService("accounts", carillon => carillon
            .AddHandler(new HandlerDefinition<Deposited>("Accounts", _deposited, (deposit, context, _) =>
            {
                if (isRight)
                    context.OnCommit(() => balance += deposit.Amount);
                else
                    balance += deposit.Amount;
                return ValueTask.CompletedTask;
            })
            { Delivery = DeliveryGuarantee.ExactlyOnce })
            .Subscription(static subscription => subscription.Start = StartPosition.Beginning), instances: 2);
        world.AddClient("accounts", async client =>
        {
            for (var deposit = 0; deposit < deposits; deposit++)
                await client.PublishAsync(new Deposited($"account-{deposit % 2}", 10));
        });
        world.CheckAlways("nobody is in debt", () => balance >= 0);
        world.CheckAtRest("every deposit counts once", () => balance == deposits * 10);
    });

    private sealed record Deposited(string Account, int Amount);
}
