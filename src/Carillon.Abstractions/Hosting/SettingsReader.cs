using System.Globalization;
using Carillon.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Carillon;

/// <summary>
/// Reads options out of a configuration section strictly: a value that is not allowed, or a key that nobody asked for, is an error that
/// names the key and what is allowed. Setting names are those of the options' properties, in any case.
/// </summary>
/// <param name="section">The section to read.</param>
public sealed class SettingsReader(IConfigurationSection section)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The full path of the section, such as <c>Carillon:Sqlite</c>.</summary>
    public string Path => section.Path;

    /// <summary>The names of the sections below this one.</summary>
    public IEnumerable<string> Sections => section.GetChildren().Select(child => child.Key);

    /// <summary>Reads text.</summary>
    public void Text(string key, Action<string> set) => Read(key, "a text", set, text => text.Length > 0 ? text : null);

    /// <summary>Reads a whole number.</summary>
    public void Number(string key, long min, long max, Action<long> set) => Read(
        key, string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"), set,
        text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : null);

    /// <summary>Reads a number that may have a fraction, with a point, such as 0.2.</summary>
    public void Fraction(string key, double min, double max, Action<double> set) => Read(
        key, string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"), set,
        text => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : null);

    /// <summary>Reads <c>true</c> or <c>false</c>.</summary>
    public void Switch(string key, Action<bool> set) => Read(
        key, "true or false", set, text => bool.TryParse(text, out var value) ? value : null);

    /// <summary>Reads a duration with its unit: <c>250ms</c>, <c>30s</c>, <c>5m</c>, <c>1h</c>, <c>7d</c>, or <c>00:00:30</c>.</summary>
    public void Duration(string key, TimeSpan min, TimeSpan max, Action<TimeSpan> set) => Read(
        key, $"a duration with its unit from {DurationText.Exact(min)} to {DurationText.Exact(max)}, such as 250ms, 30s, 5m, 1h or 7d", set,
        text => ParseDuration(text) is { } duration && duration >= min && duration <= max ? duration : null);

    /// <summary>Reads one of the names of an enumeration.</summary>
    public void Choice<TEnum>(string key, Action<TEnum> set)
        where TEnum : struct, Enum => Read(
            key, $"one of {string.Join(", ", Enum.GetNames<TEnum>())}", set,
            text => Enum.GetNames<TEnum>().Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<TEnum>(text, ignoreCase: true) : null);

    /// <summary>Reads the settings of a section below this one, and refuses keys in it that nobody asked for.</summary>
    public void Section(string key, Action<SettingsReader> read)
    {
        _known.Add(key);
        var reader = new SettingsReader(section.GetSection(key));
        read(reader);
        reader.RefuseUnknown();
    }

    /// <summary>Says that a key is somebody else's.</summary>
    public void Allow(string key) => _known.Add(key);

    /// <summary>Throws when the section holds a key that nobody asked for.</summary>
    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.InvalidConfiguration"/>.</exception>
    public void RefuseUnknown()
    {
        foreach (var child in section.GetChildren())
        {
            if (!_known.Contains(child.Key))
            {
                var known = _known.Count == 0 ? "nothing" : string.Join(", ", _known.Order(StringComparer.Ordinal));
                throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration, $"{child.Path} is not a setting. Known in {Path}: {known}.");
            }
        }
    }

    private void Read<T>(string key, string allowed, Action<T> set, Func<string, T?> parse)
        where T : class => ReadValue(key, allowed, text =>
        {
            if (parse(text) is not { } value)
                return false;
            set(value);
            return true;
        });

    private void Read<T>(string key, string allowed, Action<T> set, Func<string, T?> parse)
        where T : struct => ReadValue(key, allowed, text =>
        {
            if (parse(text) is not { } value)
                return false;
            set(value);
            return true;
        });

    private void ReadValue(string key, string allowed, Func<string, bool> trySet)
    {
        _known.Add(key);
        var text = section[key];
        if (text is null && !section.GetSection(key).GetChildren().Any())
            return;
        if (string.IsNullOrWhiteSpace(text) || !trySet(text.Trim()))
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                $"{Path}:{key} is \"{text}\", but must be {allowed}.");
        }
    }

    private static TimeSpan? ParseDuration(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var clock) ? clock : null;
        var digits = text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyz");
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            return null;
        var unit = text[digits.Length..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            "d" => TimeSpan.FromDays(1),
            _ => TimeSpan.Zero,
        };
        var ticks = amount * unit.Ticks;
        return unit > TimeSpan.Zero && ticks < TimeSpan.MaxValue.Ticks ? TimeSpan.FromTicks((long)Math.Round(ticks)) : null;
    }
}
