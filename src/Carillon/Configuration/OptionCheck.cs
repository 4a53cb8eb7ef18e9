using System.Globalization;
using Carillon.Diagnostics;

namespace Carillon.Configuration;

/// <summary>Refuses option values outside their documented range, naming the option.</summary>
internal static class OptionCheck
{
    public static void InRange<T>(string path, string option, T value, T min, T max)
        where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                string.Create(CultureInfo.InvariantCulture, $"{path}:{option} is {DurationText.OfSetting(value)}, but must be from {DurationText.OfSetting(min)} to {DurationText.OfSetting(max)}."));
        }
    }
}
