namespace Carillon.Testing.Tests;

/// <summary>The example of the page about crash-testing handlers, and what becomes of it with the mistake that the page names.</summary>
public sealed class TicketTests
{
    [Fact]
    public void Run_ShouldFindNothing_WhenTicketsAreSoldWithTheCommit() => Tickets(isRight: true).Run(seeds: 100).ThrowIfViolated();

    [Fact]
    public void Run_ShouldFindASeed_WhenTicketsAreSoldBeforeTheCommit()
    {
        var violation = Tickets(isRight: false).Run(seeds: 100).Violation;

        Assert.NotNull(violation);
        TestContext.Current.TestOutputHelper?.WriteLine(violation.ToString());
    }

    private static Simulation Tickets(bool isRight) => Simulation.Of(world =>
    {
        var (sold, asked) = (0, world.Random.Next(5, 20));
        world.AddService("box-office", carillon => carillon.On<TicketWanted>((_, context) =>
        {
            if (isRight)
                context.OnCommit(() => sold += sold < 10 ? 1 : 0);
            else
                sold += sold < 10 ? 1 : 0;
        }).Subscription(static exactlyOnce => exactlyOnce.Delivery = DeliveryGuarantee.ExactlyOnce), instances: 2);
        world.AddClient("box-office", async client =>
        {
            for (var number = 1; number <= asked; number++)
                await client.PublishAsync(new TicketWanted($"seat-{number % 3}", number));
        });
        world.CheckAlways("no ticket is sold that is not there", () => sold <= 10);
        world.CheckAtRest("whoever asked in time has one", () => sold == Math.Min(asked, 10));
    });

    [Event("ticket.wanted")]
    private sealed record TicketWanted([property: Key] string Seat, int Number);
}
