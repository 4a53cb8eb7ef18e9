using System.Globalization;
using System.Reflection;

namespace Carillon.Events;

/// <summary>Makes the function that takes the key from a message, from the property that holds it.</summary>
internal static class KeyReader
{
    public static Func<TMessage, string?> Create<TMessage>(PropertyInfo property)
    {
        var getter = property.GetMethod ?? throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
            $"{property.DeclaringType}.{property.Name} is marked with [Key] but cannot be read.");
        if (property.PropertyType == typeof(string) && !typeof(TMessage).IsValueType)
            return getter.CreateDelegate<Func<TMessage, string?>>();
        return message => Convert.ToString(property.GetValue(message), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;
    }
}
