using System.Diagnostics;
using Carillon.Conformance.Waiting;
using Carillon.Durability;
using Carillon.Publishing;

namespace Carillon.Tests.Publishing;

/// <summary>Who forgot a unit of work is named, once it has been open for long.</summary>
public sealed class OpenUnitsOfWorkTests
{
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(2);
    private readonly VirtualTime _time = new();
    private readonly OpenUnitsOfWork _units;

    public OpenUnitsOfWorkTests() => _units = new OpenUnitsOfWork("shop", _time);

    [Fact]
    public void CheckHealth_ShouldNameTheOldest_WhenItHasBeenOpenForLong()
    {
        var since = _time.GetUtcNow();
        using (var activity = new Activity("POST /orders\n").Start())
            _units.Add("PlaceOrderAsync", 42, new Scope());
        _time.Advance(_long / 2);
        _units.Add("ShipAsync", 7, around: null);
        Assert.Null(_units.CheckHealth(_long));
        _time.Advance(_long / 2);

        var finding = _units.CheckHealth(_long)!;

        Assert.Equal((HealthSeverity.Degraded, since), (finding.Severity, finding.Since));
        Assert.Contains(
            $"shop has 2 open units of work, the oldest since {since:u}, begun by PlaceOrderAsync, line 42, in POST /orders\\n, while message {Scope.Message} was handled.",
            finding.Text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("ShipAsync", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckHealth_ShouldBeSilent_WhenItHasEnded()
    {
        var open = _units.Add("PlaceOrderAsync", 42, around: null);
        _time.Advance(_long);
        Assert.NotNull(_units.CheckHealth(_long));

        _units.Remove(open);

        Assert.Null(_units.CheckHealth(_long));
    }

    private sealed class Scope : IAmbientScope
    {
        public static EventId Message { get; } = EventId.Parse("01890a5d-ac96-774b-bcce-b302099a8057");

        public MessageCause? Cause => new(Message, Message);

        public string? Service => null;

        public IEventBus? Bus => null;

        public OutgoingMessages? UnitOfWork => null;
    }
}
