using Microsoft.Extensions.Configuration;

namespace Carillon.Tests.Relaying;

public sealed class OutboxOptionsTests
{
    public static TheoryData<string, Action<OutboxOptions>> OutOfRange => new()
    {
        { nameof(OutboxOptions.BatchMessages), options => options.BatchMessages = 0 },
        { nameof(OutboxOptions.BatchMessages), options => options.BatchMessages = 10_001 },
        { nameof(OutboxOptions.BatchBytes), options => options.BatchBytes = 1_023 },
        { nameof(OutboxOptions.BatchBytes), options => options.BatchBytes = (64 * 1024 * 1024) + 1 },
        { nameof(OutboxOptions.MaxInFlight), options => options.MaxInFlight = 0 },
        { nameof(OutboxOptions.MaxInFlight), options => options.MaxInFlight = 1_000_001 },
        { nameof(OutboxOptions.MaxInFlightBytes), options => options.MaxInFlightBytes = (64 * 1024) - 1 },
        { nameof(OutboxOptions.MaxInFlightBytes), options => options.MaxInFlightBytes = (4L << 30) + 1 },
        { nameof(OutboxOptions.FirstDelay), options => options.FirstDelay = TimeSpan.Zero },
        { nameof(OutboxOptions.FirstDelay), options => options.FirstDelay = options.MaxDelay = TimeSpan.FromMinutes(11) },
        { nameof(OutboxOptions.MaxDelay), options => options.MaxDelay = options.FirstDelay - TimeSpan.FromTicks(1) },
        { nameof(OutboxOptions.MaxDelay), options => options.MaxDelay = TimeSpan.FromMinutes(11) },
        { nameof(OutboxOptions.DegradedAfter), options => options.DegradedAfter = TimeSpan.FromMilliseconds(999) },
        { nameof(OutboxOptions.DegradedAfter), options => options.DegradedAfter = TimeSpan.FromHours(25) },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Validate_ShouldNameTheOption_WhenItsValueIsOutOfRange(string option, Action<OutboxOptions> configure)
    {
        var error = Assert.Throws<CarillonConfigurationException>(() =>
        {
            var options = new OutboxOptions();
            configure(options);
            options.Validate();
        });

        Assert.Contains($"Carillon:Outbox:{option} is ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ShouldAcceptTheOutermostValues_WhenTheyAreAllowed()
    {
        var options = new OutboxOptions { BatchMessages = 1, BatchBytes = 1_024, MaxInFlight = 1, MaxInFlightBytes = 64 * 1024 };
        options.FirstDelay = options.MaxDelay = TimeSpan.FromMilliseconds(1);
        options.DegradedAfter = TimeSpan.FromSeconds(1);
        options.Validate();

        (options.BatchMessages, options.BatchBytes, options.MaxInFlight, options.MaxInFlightBytes) = (10_000, 64 * 1024 * 1024, 1_000_000, 4L << 30);
        options.FirstDelay = options.MaxDelay = TimeSpan.FromMinutes(10);
        options.DegradedAfter = TimeSpan.FromDays(1);
        options.Validate();
    }

    [Fact]
    public void Options_ShouldBeWhatTheirDocumentationSays_WhenNothingIsSet()
    {
        var options = new OutboxOptions();

        options.Validate();
        Assert.Equal((500, 1024 * 1024, 2_000, 16L * 1024 * 1024), (options.BatchMessages, options.BatchBytes, options.MaxInFlight, options.MaxInFlightBytes));
        Assert.Equal(
            (TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)), (options.FirstDelay, options.MaxDelay, options.DegradedAfter));
        Assert.Equal(DeadLetterPolicy.ParkKey, options.DeadLetters);
    }

    [Fact]
    public void Read_ShouldSetEveryOption_WhenItIsInTheSettings()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Outbox:BatchMessages"] = "7",
            ["Outbox:BatchBytes"] = "2048",
            ["Outbox:MaxInFlight"] = "9",
            ["Outbox:MaxInFlightBytes"] = "70000",
            ["Outbox:FirstDelay"] = "30ms",
            ["Outbox:MaxDelay"] = "3s",
            ["Outbox:DegradedAfter"] = "5m",
            ["Outbox:DeadLetters"] = "Skip",
        };
        var options = new OutboxOptions();

        options.Read(new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Outbox")));

        Assert.Equal((7, 2_048, 9, 70_000L), (options.BatchMessages, options.BatchBytes, options.MaxInFlight, options.MaxInFlightBytes));
        Assert.Equal(
            (TimeSpan.FromMilliseconds(30), TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(5)), (options.FirstDelay, options.MaxDelay, options.DegradedAfter));
        Assert.Equal(DeadLetterPolicy.Skip, options.DeadLetters);
    }
}
