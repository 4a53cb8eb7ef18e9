using System.Collections.Concurrent;

namespace Carillon.Tests.Hosting;

public sealed class PointToPointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_ShouldReachTheOneHandler_WhenAnotherServiceHasIt()
    {
        var handled = new ConcurrentQueue<string>();
        await using var service = await TestService.StartAsync(builder => builder
            .AddCarillon("caller", carillon => carillon.UseInMemory())
            .AddCarillon("walker", carillon => carillon.UseInMemory().On<StartWalk>(walk => handled.Enqueue(walk.Walker))));

        await service.BusOf("caller").SendAsync(new StartWalk("w"), cancellation: Cancellation);

        await Eventually.IsTrueAsync(() => !handled.IsEmpty);
        Assert.Equal(["w"], handled);
    }

    [Fact]
    public async Task SendAsync_ShouldRefuse_WhenNobodyHandlesTheCommand()
    {
        await using var service = await TestService.StartAsync(carillon => carillon.On<StepTaken>(_ => { }));

        var error = await Assert.ThrowsAsync<PublishFailedException>(() => service.Bus.SendAsync(new StartWalk("w"), cancellation: Cancellation).AsTask());

        Assert.Equal(ErrorCodes.NoCommandHandler, error.Code);
    }

    [Fact]
    public async Task PublishAsync_ShouldReachOnlyTheNamedService_WhenADestinationIsGiven()
    {
        var (first, second) = (new ConcurrentQueue<int>(), new ConcurrentQueue<int>());
        await using var service = await TestService.StartAsync(builder => builder
            .AddCarillon("first", carillon => carillon.UseInMemory().On<StepTaken>(step => first.Enqueue(step.Number)))
            .AddCarillon("second", carillon => carillon.UseInMemory().On<StepTaken>(step => second.Enqueue(step.Number))));

        await service.BusOf("first").PublishAsync(new StepTaken("w", 1), new PublishOptions { Destination = "second" }, Cancellation);
        await service.BusOf("first").PublishAsync(new StepTaken("w", 2), Cancellation);

        await Eventually.IsTrueAsync(() => second.Count == 2 && first.Count == 1);
        Assert.Equal([2], first);
        Assert.Equal([1, 2], second);
    }

    [Fact]
    public async Task PublishAsync_ShouldRefuse_WhenTheMessageIsACommand()
    {
        await using var service = await TestService.StartAsync(carillon => carillon.On<StartWalk>(_ => { }));

        var error = await Assert.ThrowsAsync<CarillonException>(() => service.Bus.PublishAsync(new StartWalk("w"), Cancellation).AsTask());

        Assert.Equal(ErrorCodes.WrongMessageKind, error.Code);
    }

    [Fact]
    public async Task PublishAsync_ShouldRefuse_WhenTheHostHasStopped()
    {
        await using var service = await TestService.StartAsync(carillon => carillon.On<StepTaken>(_ => { }));
        await service.StopAsync();

        var error = await Assert.ThrowsAsync<CarillonException>(() => service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation).AsTask());

        Assert.Equal(ErrorCodes.BusNotRunning, error.Code);
    }
}
