"""Overdispersed laws: against SciPy's own, and a dispersion found again where it was put."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import betabinom, binom, norm, poisson

from mel_core.seance.preuves import lois

parts = st.floats(0.02, 0.9)
dispersions = st.floats(1e-4, 0.3)
comptes = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def shapes(p: float, d: float) -> tuple[float, float]:
    return p * (1 - d) / d, (1 - p) * (1 - d) / d


@given(comptes, parts, dispersions)
def test_the_upper_tail_of_a_share_is_that_of_the_beta_binomial(compte, p, d):
    k, n = compte
    loi = lois.BetaBinomiale(np.array([n]), np.array([p]))
    assert loi.queue_haute(np.array([k]), d)[0] == pytest.approx(betabinom.sf(k - 1, n, *shapes(p, d)), abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 200), st.floats(5, 150), dispersions)
def test_the_lower_tail_of_a_count_is_that_of_a_poisson_whose_rate_is_lognormal(a, mu, d):
    ecart = d**0.5
    attendu, _ = quad(
        lambda x: norm.pdf(x) * poisson.cdf(a, mu * np.exp(ecart * x - d / 2)), -8, 8, limit=400, epsabs=1e-12
    )
    obtenu = lois.PoissonLogNormale(np.array([mu])).queue_basse(np.array([a]), d)[0]
    assert obtenu == pytest.approx(attendu, abs=1e-8, rel=1e-4)


@given(comptes, parts, st.floats(1, 150))
def test_without_dispersion_they_are_the_binomial_and_the_poisson(compte, p, mu):
    k, n = compte
    part, seul = lois.BetaBinomiale(np.array([n]), np.array([p])), lois.PoissonLogNormale(np.array([mu]))
    assert part.queue_haute(np.array([k]), lois.AUCUNE)[0] == pytest.approx(binom.sf(k - 1, n, p), abs=1e-3)
    assert seul.queue_basse(np.array([k]), lois.AUCUNE)[0] == pytest.approx(poisson.cdf(k, mu), abs=1e-3)


@given(st.integers(5, 200), parts, dispersions, st.sampled_from([1e-2, 1e-4]))
def test_the_limit_is_the_last_count_that_chance_explains(n, p, d, niveau):
    loi = lois.BetaBinomiale(np.array([n]), np.array([p]))
    limite = int(loi.limite_haute(d, niveau)[0])
    assert limite == n or loi.queue_haute(np.array([limite + 1]), d)[0] <= niveau * (1 + 1e-6)
    assert limite == 0 or loi.queue_haute(np.array([limite]), d)[0] > niveau * (1 - 1e-6)
    basse = lois.PoissonLogNormale(np.array([n * p]))
    limite = int(basse.limite_basse(d, niveau)[0])
    assert limite == 0 or basse.queue_basse(np.array([limite - 1]), d)[0] <= niveau
    assert basse.queue_basse(np.array([limite]), d)[0] > niveau


@pytest.mark.parametrize("mise", [0.005, 0.02, 0.08])
def test_the_dispersion_that_was_put_is_found_again_in_spite_of_anomalies(mise):
    alea = np.random.default_rng(7)
    n = alea.integers(20, 200, 400)
    k = alea.binomial(n, alea.beta(*shapes(0.3, mise), 400))
    k[:12] = n[:12]  # 3 % of the cells at 100 %
    trouvee = lois.BetaBinomiale(n, np.full(400, 0.3)).dispersion(k)
    assert mise / 1.6 <= trouvee <= mise * 1.6
    # What the usual estimate makes of the same cells: the mean squared score, moved by the twelve alone.
    assert np.mean((k - 0.3 * n) ** 2 / (n * 0.21) - 1) / np.mean(n - 1) > trouvee


@pytest.mark.parametrize("mise", [0.02, 0.06, 0.2])
def test_the_same_for_counts(mise):
    alea = np.random.default_rng(7)
    attendus = alea.uniform(10, 300, 400)
    observes = alea.poisson(attendus * np.exp(alea.normal(-mise / 2, mise**0.5, 400)))
    observes[:12] = 0
    assert mise / 1.6 <= lois.PoissonLogNormale(attendus).dispersion(observes) <= mise * 1.6


def test_cells_that_chance_alone_explains_have_next_to_no_dispersion():
    alea = np.random.default_rng(7)
    n = alea.integers(20, 200, 400)
    assert lois.BetaBinomiale(n, np.full(400, 0.3)).dispersion(alea.binomial(n, 0.3)) < 0.002
    assert lois.PoissonLogNormale(n.astype(float)).dispersion(alea.poisson(n)) < 0.005


@given(comptes, st.integers(20, 2000), st.floats(0, 1))
def test_a_share_known_by_its_counts_alone_is_that_of_the_predictive_law_of_jeffreys(compte, autour, part):
    """Each cell may have a dispersion of its own: here that of a share estimated on `autour` trials."""
    (k, n), pris = compte, round(part * autour)
    loi = lois.BetaBinomiale(np.array([n, n]), np.full(2, (pris + 0.5) / (autour + 1)))
    seule, large = loi.queue_haute(np.array([k, k]), np.array([1 / (autour + 2), 0.2]))
    assert seule == pytest.approx(betabinom.sf(k - 1, n, pris + 0.5, autour - pris + 0.5), abs=1e-9)
    assert large == pytest.approx(betabinom.sf(k - 1, n, *shapes((pris + 0.5) / (autour + 1), 0.2)), abs=1e-9)
