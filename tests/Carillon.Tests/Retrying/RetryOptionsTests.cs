using Microsoft.Extensions.Configuration;

namespace Carillon.Tests.Retrying;

public sealed class RetryOptionsTests
{
    private static readonly HandlerDefinition _handler = new EnvelopeHandlerDefinition("any", static (_, _, _) => ValueTask.CompletedTask) { DeclaringType = typeof(RetryOptionsTests) };

    public static TheoryData<string, Action<RetryOptions>> OutOfRange => new()
    {
        { nameof(RetryOptions.ImmediateAttempts), options => options.ImmediateAttempts = 0 },
        { nameof(RetryOptions.ImmediateAttempts), options => options.ImmediateAttempts = 101 },
        { nameof(RetryOptions.ImmediateDelay), options => options.ImmediateDelay = TimeSpan.FromMilliseconds(-1) },
        { nameof(RetryOptions.ImmediateDelay), options => options.ImmediateDelay = TimeSpan.FromSeconds(61) },
        { nameof(RetryOptions.DelayedAttempts), options => options.DelayedAttempts = -1 },
        { nameof(RetryOptions.DelayedAttempts), options => options.DelayedAttempts = 1_001 },
        { nameof(RetryOptions.FirstDelay), options => options.FirstDelay = TimeSpan.Zero },
        { nameof(RetryOptions.FirstDelay), options => options.MaxDelay = options.FirstDelay = TimeSpan.FromDays(31) },
        { nameof(RetryOptions.MaxDelay), options => options.MaxDelay = options.FirstDelay - TimeSpan.FromTicks(1) },
        { nameof(RetryOptions.MaxDelay), options => options.MaxDelay = TimeSpan.FromDays(31) },
        { nameof(RetryOptions.Jitter), options => options.Jitter = -0.1 },
        { nameof(RetryOptions.Jitter), options => options.Jitter = 1.1 },
        { nameof(RetryOptions.MaxDeaths), options => options.MaxDeaths = -1 },
        { nameof(RetryOptions.MaxDeaths), options => options.MaxDeaths = 1 },
        { nameof(RetryOptions.MaxDeaths), options => options.MaxDeaths = 101 },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Validate_ShouldNameTheOption_WhenItsValueIsOutOfRange(string option, Action<RetryOptions> configure)
    {
        var options = new RetryOptions();
        configure(options);

        var error = Assert.Throws<CarillonConfigurationException>(() => options.Validate("here"));

        Assert.Contains($"here:{option} is ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ShouldAcceptTheOutermostValues_WhenTheyAreAllowed()
    {
        new RetryOptions().Validate("here");
        new RetryOptions { ImmediateAttempts = 1, ImmediateDelay = TimeSpan.Zero, DelayedAttempts = 0, FirstDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(1), Jitter = 0 }
            .Validate("here");
        new RetryOptions { ImmediateAttempts = 100, ImmediateDelay = TimeSpan.FromMinutes(1), DelayedAttempts = 1_000, FirstDelay = TimeSpan.FromDays(30), MaxDelay = TimeSpan.FromDays(30), Jitter = 1 }
            .Validate("here");
    }

    [Fact]
    public void Read_ShouldSetEveryOption_WhenItIsInTheSettings()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Retry:ImmediateAttempts"] = "7",
            ["Retry:ImmediateDelay"] = "30ms",
            ["Retry:DelayedAttempts"] = "9",
            ["Retry:FirstDelay"] = "2s",
            ["Retry:MaxDelay"] = "3m",
        };
        var options = new RetryOptions();

        options.Read(new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Retry")));

        Assert.Equal((7, 9), (options.ImmediateAttempts, options.DelayedAttempts));
        Assert.Equal(
            (TimeSpan.FromMilliseconds(30), TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(3)), (options.ImmediateDelay, options.FirstDelay, options.MaxDelay));
    }

    [Fact]
    public void IsPermanent_ShouldBeSo_WhenAnyConditionIsMet()
    {
        var options = new RetryOptions().DoNotRetry<ArgumentException>().DoNotRetry<IOException>(error => error.Message == "gone");

        Assert.True(options.IsPermanent(new ArgumentNullException(), out _));
        Assert.True(options.IsPermanent(new IOException("gone"), out _));
        Assert.False(options.IsPermanent(new IOException("busy"), out _));
        Assert.False(options.IsPermanent(new InvalidOperationException(), out _));
        Assert.False(new RetryOptions().IsPermanent(new InvalidOperationException(), out _));
    }

    [Fact]
    public void PolicyFor_ShouldTakeTheFirstThatFits_WhenSeveralDo()
    {
        var options = new RetryOptions()
            .For<IOException>(error => error.Message == "busy", policy => policy.ImmediateAttempts = 10)
            .For<IOException>(policy => policy.ImmediateAttempts = 1)
            .ForHandler(typeof(RetryOptionsTests), policy => policy.ImmediateAttempts = 7);

        Assert.Equal(10, options.PolicyFor(new IOException("busy"), _handler, out _).ImmediateAttempts);
        Assert.Equal(1, options.PolicyFor(new FileNotFoundException(), _handler, out _).ImmediateAttempts);
        Assert.Equal(7, options.PolicyFor(new ArgumentException(), _handler, out _).ImmediateAttempts);
        Assert.Same(options, options.PolicyFor(new ArgumentException(), handler: null, out _));
    }

    [Fact]
    public void PolicyFor_ShouldBeAsTheSubscriptionSays_WhenNothingElseIsSaid()
    {
        var options = new RetryOptions().For<IOException>(policy => policy.DelayedAttempts = 30);
        (options.ImmediateAttempts, options.ImmediateDelay, options.DelayedAttempts) = (5, TimeSpan.FromSeconds(1), 2);
        (options.FirstDelay, options.MaxDelay, options.Jitter) = (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4), 0.5);

        var policy = options.PolicyFor(new IOException(), handler: null, out _);

        Assert.Equal((5, TimeSpan.FromSeconds(1), 30), (policy.ImmediateAttempts, policy.ImmediateDelay, policy.DelayedAttempts));
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4), 0.5), (policy.FirstDelay, policy.MaxDelay, policy.Jitter));
    }

    [Fact]
    public void PolicyFor_ShouldCountAConditionAsNotMet_WhenItThrows()
    {
        var options = new RetryOptions().For<IOException>(_ => throw new FormatException("the condition"), policy => policy.ImmediateAttempts = 10);

        Assert.Same(options, options.PolicyFor(new IOException(), handler: null, out var defect));
        Assert.IsType<FormatException>(defect);
    }

    [Fact]
    public void Validate_ShouldNameThePolicy_WhenItIsOutOfItsRange()
    {
        var options = new RetryOptions().For<IOException>(policy => policy.MaxDelay = TimeSpan.FromSeconds(1));

        var error = Assert.Throws<CarillonConfigurationException>(() => options.Validate("Carillon:Retry"));

        Assert.Contains("Carillon:Retry:For<IOException>:MaxDelay", error.Message, StringComparison.Ordinal);
    }
}
