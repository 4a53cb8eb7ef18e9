using System.Globalization;

namespace Carillon.Configuration;

/// <summary>The values that a numeric setting may have, checked in the same way when code sets it and when it is read from settings.</summary>
internal readonly record struct SettingRange(string Section, string Key, long Min, long Max)
{
    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.InvalidConfiguration"/>.</exception>
    public int Check(int value) => (int)Check((long)value);

    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.InvalidConfiguration"/>.</exception>
    public long Check(long value) => value >= Min && value <= Max
        ? value
        : throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
            string.Create(CultureInfo.InvariantCulture, $"{Section}:{Key} is {value}, but must be a whole number from {Min} to {Max}."));

    public void Read(SettingsReader settings, Action<long> set) => settings.Number(Key, Min, Max, set);
}
