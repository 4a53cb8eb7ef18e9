using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Diagnostics;

public sealed class EventNumberTests
{
    /// <summary>People and alerts tell entries of the log apart by their numbers.</summary>
    [Fact]
    public void Numbers_ShouldEachStandForOneEvent_WhenTheRuntimeLogs()
    {
        var numbers = typeof(Carillon.Subscribing.LaneScheduler).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(static method => (method.Name, method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(static entry => entry.EventId is not null).ToList();

        Assert.True(numbers.Count > 30, $"Only {numbers.Count} events were found.");
        Assert.Empty(numbers.GroupBy(static entry => entry.EventId).Where(static group => group.Skip(1).Any()).Select(static group => $"{group.Key}: {string.Join(", ", group.Select(static entry => entry.Name))}"));
    }
}
