using Carillon.Durability;
using Carillon.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Carillon;

/// <summary>Puts Carillon's tables into the migrations of a <see cref="DbContext"/>.</summary>
public static class CarillonModelBuilderExtensions
{
    /// <summary>
    /// Lets migrations and <c>EnsureCreated</c> create the tables of the service's store, with the very SQL that the store would run itself.
    /// A later version of the store adds what is new to the next migration. Call it in <c>OnModelCreating</c>; the options of the
    /// context need <c>UseCarillon</c>.
    /// </summary>
    /// <param name="model">The model of the context.</param>
    /// <param name="schema">The versions of the store's schema, such as <c>SqliteSchema.Versions</c>.</param>
    /// <returns>The same builder.</returns>
    public static ModelBuilder AddCarillon(this ModelBuilder model, IReadOnlyList<SchemaScript> schema)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(schema);
        ModelSchema.Set(model.Model, schema);
        return model;
    }
}
