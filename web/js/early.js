//! Before anything is seen: the theme that was chosen. A script of its own, so that the first frame waits for nothing else.

import { rememberedChoices } from './io/preferences.js';
import { showTheme } from './io/theme.js';

showTheme(rememberedChoices().theme);
