namespace Carillon.Tests.Hosting;

public sealed class CarillonAppTests
{
    [Fact]
    public async Task PublishAsync_ShouldReachTheLambda_WhenNothingElseIsConfigured()
    {
        var handled = new TaskCompletionSource<int>();
        await using var app = CarillonApp.Create();
        app.On<StepTaken>(step => handled.SetResult(step.Number));

        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.Bus.PublishAsync(new StepTaken("w", 7), TestContext.Current.CancellationToken);

        Assert.Equal(7, await handled.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Configure_ShouldRefuse_WhenTheAppWasBuilt()
    {
        await using var app = CarillonApp.Create();
        _ = app.Bus;

        Assert.Throws<InvalidOperationException>(() => app.On<StepTaken>(_ => { }));
    }
}
