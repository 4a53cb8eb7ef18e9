using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Hosting;

public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("Carillon:Subscriptions:shop:Concurrency", "-1")]
    [InlineData("Carillon:Subscriptions:shop:Concurrency", "many")]
    [InlineData("Carillon:Subscriptions:shop:Concurency", "4")]
    [InlineData("Carillon:Subscriptions:shop:Retry:FirstDelay", "30")]
    [InlineData("Carillon:Subscriptions:shop.audti:Concurrency", "4")]
    [InlineData("Carillon:Publishing:Overload", "Drop")]
    [InlineData("Carillon:Limits:BodyBytes", "0")]
    [InlineData("Carillon:Limts:BodyBytes", "2048")]
    [InlineData("Carillon:InMemory:Capcity", "1")]
    public async Task Start_ShouldFailNamingTheKey_WhenASettingIsWrong(string key, string value)
    {
        var error = await Assert.ThrowsAsync<CarillonConfigurationException>(() => TestService.StartAsync(
            carillon => carillon.On<StepTaken>(_ => { }), new Dictionary<string, string?> { [key] = value }));

        Assert.Equal(ErrorCodes.InvalidConfiguration, error.Code);
        var faulty = key.Split(':').TakeWhile(part => part is not ("Concurency" or "Capcity" or "Limts" or "shop.audti")).ToArray();
        Assert.Contains(string.Join(':', faulty), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("audit")]
    [InlineData("ordres.audit")]
    [InlineData("orders")]
    [InlineData("orders.audi")]
    public async Task Start_ShouldFailNamingAllSubscriptions_WhenSettingsAreForNoneOfTheHost(string name)
    {
        var error = await Assert.ThrowsAsync<CarillonConfigurationException>(() => TestService.StartAsync(
            AddOrdersAndShipping, new Dictionary<string, string?> { [$"Carillon:Subscriptions:{name}:Concurrency"] = "1" }));

        Assert.Equal(ErrorCodes.InvalidConfiguration, error.Code);
        Assert.Equal($"CRL1001: Carillon:Subscriptions:{name} is not a setting. Known in Carillon:Subscriptions: orders.audit, shipping, shipping.audit.", error.Message);
    }

    [Theory]
    [InlineData("orders.audit")]
    [InlineData("Shipping")]
    public async Task Start_ShouldReadTheSettings_WhenTheyAreForOneServiceOfTheHost(string name)
    {
        var settings = new Dictionary<string, string?> { [$"Carillon:Subscriptions:{name}:Concurrency"] = "1" };
        await using (await TestService.StartAsync(AddOrdersAndShipping, settings))
        {
        }

        settings[$"Carillon:Subscriptions:{name}:Concurrency"] = "none";
        var error = await Assert.ThrowsAsync<CarillonConfigurationException>(() => TestService.StartAsync(AddOrdersAndShipping, settings));
        Assert.Contains("is \"none\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ShouldApplySettingsOverCode_WhenBothAreGiven()
    {
        var (atOnce, handled) = (0, 0);
        var most = 0;
        await using var service = await TestService.StartAsync(
            carillon => carillon.Subscription(subscription => subscription.Concurrency = 8).On<StepTaken>(async _ =>
            {
                most = Math.Max(most, Interlocked.Increment(ref atOnce));
                await Task.Yield();
                Interlocked.Decrement(ref atOnce);
                Interlocked.Increment(ref handled);
            }),
            new Dictionary<string, string?> { ["Carillon:Subscriptions:shop:Concurrency"] = "1" });

        for (var number = 0; number < 200; number++)
            await service.Bus.PublishAsync(new StepTaken($"w{number}", number), TestContext.Current.CancellationToken);

        await Eventually.IsTrueAsync(() => handled == 200);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Start_ShouldFail_WhenNoTransportIsChosen()
    {
        var error = await Assert.ThrowsAsync<CarillonConfigurationException>(() => TestService.StartAsync(
            builder => builder.AddCarillon("shop", carillon => carillon.On<StepTaken>(_ => { }))));
        Assert.Equal(ErrorCodes.TransportMissing, error.Code);
    }

    [Fact]
    public async Task Start_ShouldFailNamingBoth_WhenTwoServicesHandleOneCommand()
    {
        var error = await Assert.ThrowsAsync<CarillonConfigurationException>(() => TestService.StartAsync(builder => builder
            .AddCarillon("first", carillon => carillon.UseInMemory().On<StartWalk>(_ => { }))
            .AddCarillon("second", carillon => carillon.UseInMemory().On<StartWalk>(_ => { }))));
        Assert.Equal(ErrorCodes.CommandHandledTwice, error.Code);
        Assert.Contains("first", error.Message, StringComparison.Ordinal);
        Assert.Contains("second", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bus_ShouldBeTheHandlingServices_WhenInjectedWithoutANameInAHandler()
    {
        var source = new TaskCompletionSource<string?>();
        await using var service = await TestService.StartAsync(builder => builder
            .AddCarillon("first", carillon => carillon.UseInMemory().On<WalkEnded>((_, context) => source.SetResult(context.Envelope.Source)))
            .AddCarillon("second", carillon => carillon.UseInMemory().On<StepTaken>(async (step, context) =>
                await context.Services.GetRequiredService<IEventBus>().PublishAsync(new WalkEnded(step.Walker!)))));

        await service.BusOf("first").PublishAsync(new StepTaken("w", 1), TestContext.Current.CancellationToken);

        Assert.Equal("/services/second", await source.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    private static void AddOrdersAndShipping(Microsoft.Extensions.Hosting.HostApplicationBuilder builder) => builder
        .AddCarillon("orders", carillon => carillon.UseInMemory().On<StepTaken>(_ => { }, "audit"))
        .AddCarillon("shipping", carillon => carillon.UseInMemory().On<StepTaken>(_ => { }).On<StepTaken>(_ => { }, "audit"));
}
