using System.Collections.Concurrent;
using Carillon.InMemory;
using Carillon.Parking;
using Carillon.Scheduling;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Carillon.Tests.Hosting;

/// <summary>Health follows what works and what waits, says what is wrong in sentences, and becomes good again.</summary>
public sealed class HealthTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentQueue<string> _steps = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CheckHealth_ShouldBeUnhealthy_WhenTheServiceDoesNotRun()
    {
        await using var service = await StartAsync(carillon => carillon.On<StepTaken>(_ => { }));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(service)).Status);

        await service.StopAsync();

        var report = await CheckAsync(service);
        Assert.Equal((HealthStatus.Unhealthy, "Service shop does not run."), (report.Status, report.Description));
    }

    [Fact]
    public async Task CheckHealth_ShouldNameSubscriptionAndHandler_WhenAHandlerHangs()
    {
        var release = new TaskCompletionSource();
        await using var service = await StartAsync(carillon => carillon
            .Health(options => options.StalledAfter = TimeSpan.FromMilliseconds(200))
            .On<StepTaken>(_ => release.Task));
        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        var report = await UntilAsync(service, HealthStatus.Unhealthy);
        Assert.StartsWith("shop holds 1 messages and has finished none since ", report.Description, StringComparison.Ordinal);
        Assert.Contains("worked on last: On(StepTaken)", report.Description, StringComparison.Ordinal);
        Assert.Equal(report.Description, report.Data["subscription shop"]);
        Assert.IsType<DateTimeOffset>(report.Data["subscription shop, since"]);
        release.SetResult();

        await UntilAsync(service, HealthStatus.Healthy);
    }

    [Fact]
    public async Task CheckHealth_ShouldStayDegraded_WhenASubscriptionWaitsForTheEndOfAnOutage()
    {
        var isAway = true;
        await using var service = await StartAsync(carillon => carillon
            .Health(options => options.StalledAfter = TimeSpan.FromMilliseconds(100))
            .On<StepTaken>(_ => Volatile.Read(ref isAway) ? throw new IOException("no route to host") : Task.CompletedTask));
        for (var key = 0; key < 30; key++)
            await service.Bus.PublishAsync(new StepTaken($"w{key}", 1), Cancellation);
        await UntilAsync(service, HealthStatus.Degraded);

        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(1))
            Assert.Equal(HealthStatus.Degraded, (await CheckAsync(service)).Status);
        Volatile.Write(ref isAway, false);

        await UntilAsync(service, HealthStatus.Healthy);
    }

    [Fact]
    public async Task CheckHealth_ShouldTellOfDeadLetters_WhenAnOlderOneIsTriedAgainByItself()
    {
        await using var service = await StartAsync(carillon => carillon
            .Subscription(options => options.DeadLetters = DeadLetterPolicy.StopKey)
            .Subscription(options => (options.Retries.ImmediateAttempts, options.Retries.DelayedAttempts) = (1, 0))
            .On<StepTaken>((StepTaken _) => throw new IOException("broken")));
        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await Eventually.IsTrueAsync(async () => await service.DeadLetters.CountAsync(new DeadLetterQuery { Code = ErrorCodes.KeyStopped }, Cancellation) == 1);
        await service.SendRawAsync(Serialization.Serializers.Envelope("{}"u8.ToArray(), envelope => envelope with { Type = "step.taken", Topic = "step.taken", ExpiryTime = DateTimeOffset.UnixEpoch }));
        await Eventually.IsTrueAsync(async () => await service.DeadLetters.CountAsync(new DeadLetterQuery { Code = ErrorCodes.Expired }, Cancellation) == 1);

        var report = await CheckAsync(service);

        Assert.Contains("shop has dead letters", report.Description, StringComparison.Ordinal);
        Assert.Contains(ErrorCodes.Expired, report.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(IParkingStore), nameof(IParkingStore.WaitForWorkAsync), "The parked messages of shop cannot be read")]
    [InlineData(nameof(ISchedule), nameof(ISchedule.ReleaseAsync), "The schedule of shop cannot be read or changed")]
    public async Task CheckHealth_ShouldFollowTheStore_WhenItFailsForSeconds(string contract, string member, string finding)
    {
        var unkindness = new Unkindness(contract == nameof(ISchedule) ? typeof(ISchedule) : typeof(IParkingStore), member) { Error = new IOException("the disk\nis gone"), IsOn = true };
        var parked = new InMemoryParkingStore(TimeProvider.System);
        await using var service = await StartAsync(carillon => carillon
            .UseStorePart(_ => UnkindProxy.Around<IParkingStore>(parked, unkindness))
            .UseStorePart<IDeadLetters>(_ => parked)
            .UseStorePart(_ => UnkindProxy.Around<ISchedule>(new IdleSchedule(), unkindness))
            .On<StepTaken>(_ => { }));

        var report = await UntilAsync(service, HealthStatus.Unhealthy);
        Assert.StartsWith(finding, report.Description, StringComparison.Ordinal);
        Assert.Contains("IOException: the disk\\nis gone", report.Description, StringComparison.Ordinal);
        Assert.Same(unkindness.Error, report.Exception);
        unkindness.IsOn = false;

        await UntilAsync(service, HealthStatus.Healthy);
    }

    [Fact]
    public async Task CheckHealth_ShouldSayThatMessagesWait_WhenTheTransportConfirmsNone()
    {
        var unkindness = new Unkindness(typeof(ITransportSender), nameof(ITransportSender.SendAsync));
        var builder = (HostApplicationBuilder host) =>
        {
            host.Services.AddHealthChecks().AddCarillon();
            host.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
            host.AddCarillon("shop", carillon => carillon
                .UseTransport("unkind", _ => UnkindProxy.Around<ITransport>(new InMemoryTransport(new InMemoryBroker(), new InMemoryOptions(), TimeProvider.System), unkindness))
                .Health(options => options.StalledAfter = TimeSpan.FromMilliseconds(200))
                .On<StepTaken>(_ => { }));
        };
        await using var service = await TestService.StartAsync(builder);
        unkindness.IsOn = true;
        var publishing = service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation).AsTask();

        var report = await UntilAsync(service, HealthStatus.Unhealthy);

        Assert.StartsWith("1 messages that shop publishes wait to be confirmed", report.Description, StringComparison.Ordinal);
        await service.StopAsync();
        await Assert.ThrowsAsync<PublishFailedException>(() => publishing);
    }

    [Theory]
    [InlineData(HealthImpact.None, HealthStatus.Healthy)]
    [InlineData(HealthImpact.Degraded, HealthStatus.Degraded)]
    [InlineData(HealthImpact.Unhealthy, HealthStatus.Unhealthy)]
    public async Task CheckHealth_ShouldBeWhatTheOptionSays_WhenThereAreDeadLetters(HealthImpact impact, HealthStatus expected)
    {
        await using var service = await StartAsync(carillon => carillon
            .Health(options => options.DeadLetters = impact)
            .Subscription(options => options.Retries.ImmediateAttempts = 1)
            .Subscription(options => options.Retries.DelayedAttempts = 0)
            .On<StepTaken>((StepTaken _) => throw new IOException("broken\r\nfail: forged")));
        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await Eventually.IsTrueAsync(async () => (await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Count == 1);

        var report = await CheckAsync(service);
        Assert.Equal(expected, report.Status);
        Assert.DoesNotContain("\n", report.Description ?? "", StringComparison.Ordinal);
        await service.DeadLetters.DiscardAsync((await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation))[0].Id, Cancellation);

        await UntilAsync(service, HealthStatus.Healthy);
    }

    [Fact]
    public async Task CheckHealth_ShouldAnswerInTime_WhenAPartDoesNot()
    {
        var hanging = new UnkindPart(_ => new(new TaskCompletionSource<IReadOnlyList<HealthFinding>>().Task));
        var failing = new UnkindPart(_ => throw new IOException("no idea"));
        var degraded = new TestPart("worn", _steps) { Findings = [new HealthFinding(HealthSeverity.Degraded, "It is worn.")] };
        await using var service = await StartAsync(carillon => carillon
            .Health(options => options.CheckTimeout = TimeSpan.FromMilliseconds(100))
            .AddServicePart(_ => hanging)
            .AddServicePart(_ => failing)
            .AddServicePart(_ => degraded));

        var report = await CheckAsync(service).WaitAsync(_patience, Cancellation);

        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Equal("Within 0.1 s an unkind part did not say how it is: what it depends on hangs. How an unkind part is cannot be told: IOException: no idea It is worn.", report.Description);
        Assert.Equal("It is worn.", report.Data["worn"]);
    }

    private static Task<TestService> StartAsync(Action<ICarillonBuilder> configure) => TestService.StartAsync(builder =>
    {
        builder.Services.AddHealthChecks().AddCarillon();
        builder.AddCarillon("shop", carillon => configure(carillon.UseInMemory()));
    });

    private static async Task<HealthReportEntry> CheckAsync(TestService service) =>
        (await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Entries["carillon"];

    private static async Task<HealthReportEntry> UntilAsync(TestService service, HealthStatus status)
    {
        HealthReportEntry report = default;
        await Eventually.IsTrueAsync(async () => (report = await CheckAsync(service)).Status == status, _patience);
        return report;
    }
}
