using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Carillon.Tests.Settings;

/// <summary>Looks whether the settings can change everything that code can change.</summary>
internal static class EverySetting
{
    /// <summary>The properties of an options type that can be set in code, and that its <c>Read</c> does not read.</summary>
    public static IReadOnlyList<string> NotReadBy<TOptions>(Action<TOptions, SettingsReader> read)
        where TOptions : new() =>
    [
        .. typeof(TOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true })
            .Where(property => !Others(property.GetValue(new TOptions()), property.PropertyType).Any(text => Changes(property, text, read)))
            .Select(property => property.Name),
    ];

    private static bool Changes<TOptions>(PropertyInfo property, string text, Action<TOptions, SettingsReader> read)
        where TOptions : new()
    {
        var options = new TOptions();
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new($"Section:{property.Name}", text)]).Build().GetSection("Section");
        try
        {
            read(options, new SettingsReader(settings));
        }
        catch (CarillonConfigurationException)
        {
            return false;
        }

        return !Equals(property.GetValue(options), property.GetValue(new TOptions()));
    }

    private static IEnumerable<string> Others(object? value, Type type) => value switch
    {
        bool isOn => [isOn ? "false" : "true"],
        int or long => Numbers(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        double number => [(number / 2).ToString(CultureInfo.InvariantCulture)],
        TimeSpan duration => [duration.Add(TimeSpan.FromSeconds(1)).ToString(), duration.Divide(2).ToString()],
        Enum => Enum.GetNames(type).Where(name => name != value.ToString()),
        _ => ["other"],
    };

    private static IEnumerable<string> Numbers(long value) => [(value + 1).ToString(CultureInfo.InvariantCulture), (value - 1).ToString(CultureInfo.InvariantCulture)];
}
